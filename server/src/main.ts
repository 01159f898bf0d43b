/** The program: hands the command line to cli/ and turns a failure into a sentence and an exit code. */
import { run } from './cli/program.ts'
import { hardenProcess } from './lib/harden-process.ts'

hardenProcess('control', 'auto')
process.exitCode = await run(process.argv.slice(2))
