/** `vedette <command>`: the list of commands. Each has a file of its own; all take --data and answer --json. */
import { inspect } from 'node:util'
import { Command, CommanderError } from 'commander'
import { becomeOwner } from '../become-user.ts'
import { type Config, callersDir, type Flags, readEnvironment, readVersion, toConfig } from '../config.ts'
import { AppError } from '../lib/app-error.ts'
import { cleanText } from '../lib/harden-process.ts'
import { harmlessLines } from '../lib/readable-line.ts'
import { exportAuditCommand, verifyAuditCommand } from './audit-command.ts'
import { backupCommand, restoreCommand } from './backup-command.ts'
import { addCameraCommand, listCamerasCommand } from './cameras-command.ts'
import { doctorCommand } from './doctor-command.ts'
import { rebuildCommand } from './rebuild-command.ts'
import { rotateKeyCommand } from './rotate-key-command.ts'
import { routesCommand } from './routes-command.ts'
import { seedCommand } from './seed-command.ts'
import { demoCommand, startCommand } from './start-command.ts'
import {
  addAdminCommand,
  listUsersCommand,
  resetPasswordCommand,
  resetSecondFactorCommand,
  setupCommand,
} from './users-command.ts'
import { verifyCommand } from './verify-command.ts'

/** What every command gets: where things lie, how to answer. */
export interface Session {
  readonly config: Config
  readonly isJson: boolean
  /** For people, without what would command their terminal; nothing with --json. */
  readonly say: (line: string) => void
  /** The answer for programs; nothing without --json. */
  readonly answer: (value: unknown) => void
}
/** Returns the exit code: 0 good, 1 found something wrong. */
export type RunCommand = (
  session: Session,
  options: Record<string, unknown>,
  args: readonly string[],
) => Promise<number>

/** Runs a command line; the exit code is 0, 1 (it found something wrong or failed) or 2 (not understood). Never throws. */
export async function run(args: readonly string[]): Promise<number> {
  let exitCode = 0
  // `vedette routes | head`: whoever reads may stop reading.
  process.stdout.on('error', () => process.exit(0))
  const program = new Command('vedette')
    .description('A self-hosted network video recorder.')
    .version(readVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .option('--data <dir>', 'data folder (VEDETTE_DATA)')
    // What was not understood is told once, by failed().
    .configureOutput({ outputError: () => {} })
    .exitOverride()

  const addTo = (group: Command, name: string, description: string, command: RunCommand) => {
    const sub = group
      .command(name)
      .description(description)
      .option('--data <dir>', 'data folder (VEDETTE_DATA)')
      .option('--json', 'answer for programs')
      .exitOverride()
    sub.action(async (...given: unknown[]) => {
      const options = sub.opts<Record<string, unknown>>()
      const session = openSession({ ...program.opts(), ...options })
      const owner = name === 'start' ? null : becomeOwner(session.config.dataDir)
      if (owner !== null) session.say(`(as user ${owner}, to whom ${session.config.dataDir} belongs)`)
      exitCode = await command(
        session,
        options,
        given.filter((g) => typeof g === 'string'),
      )
    })
    return sub
  }
  const add = (name: string, description: string, command: RunCommand) => addTo(program, name, description, command)

  add('start', 'run Vedette', (session, options) => (options.demo ? demoCommand(session) : startCommand(session)))
    .option('--host <address>', 'address to listen on (VEDETTE_HOST)')
    .option('--port <number>', 'port to listen on (VEDETTE_PORT)')
    .option('--user <name>', 'started as root: become this user (VEDETTE_USER)')
    .option('--demo', 'a throw-away folder, two simulated cameras, a ready administrator')
  add('verify', 'check that the footage is all there and unchanged', verifyCommand)
    .option('--camera <id>', 'only this camera')
    .option('--files', 'by what the files say of themselves, without the index')
    .option('--fast', 'compare sizes and the chain, do not read the footage')
  add('rebuild', 'make the index again from the footage', rebuildCommand)
  add(
    'backup',
    'write the configuration into an encrypted file; the passphrase comes on standard input',
    backupCommand,
  ).argument('<file>', 'a new file')
  add('restore', 'make the configuration that of a backup (Vedette must not run)', restoreCommand)
    .argument('<file>', 'a backup')
    .option('--dry-run', 'only tell what would change')
    .option('--yes', 'do it')
  add('doctor', 'look at this installation and say what is wrong', doctorCommand)
  add('rotate-key', 'make a new key and seal all stored secrets with it (Vedette must not run)', rotateKeyCommand)
  add('routes', 'list all addresses of the API with who may use them', routesCommand)
  add('seed', 'fill an empty installation with synthetic rows, for measuring', seedCommand)
    .option('--segments <n>', 'segments', '0')
    .option('--events <n>', 'events', '0')
    .option('--cameras <n>', 'cameras', '4')
  add('setup', 'make the first administrator without a browser', setupCommand).argument('<name>', 'user name')
  const cameras = program.command('cameras').description('list and add cameras')
  const users = program
    .command('users')
    .description('list users, reset a password or a second factor, make an administrator')
  const audit = program.command('audit').description('check or export the audit log')
  addTo(cameras, 'list', 'list cameras', listCamerasCommand)
  addTo(cameras, 'add <name> <address>', 'add a camera (Vedette must not run)', addCameraCommand).option(
    '--sub <address>',
    'sub stream',
  )
  addTo(audit, 'verify', 'check that nothing in the audit log was changed or removed', verifyAuditCommand)
  addTo(audit, 'export', 'print the audit log, a line of JSON for each entry', exportAuditCommand)
  addTo(users, 'list', 'list users', listUsersCommand)
  addTo(users, 'reset-password <name>', 'give a user a new password', resetPasswordCommand)
  addTo(users, 'reset-second-factor <name>', 'for somebody who lost their phone', resetSecondFactorCommand)
  addTo(users, 'add-admin <name>', 'make another administrator', addAdminCommand)

  try {
    await program.parseAsync(args.length === 0 ? ['--help'] : args, { from: 'user' })
    return exitCode
  } catch (error) {
    return failed(error, args.includes('--json'))
  }
}

function openSession(options: Record<string, unknown>): Session {
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
  const flags: Flags = {
    data: text(options.data),
    host: text(options.host),
    port: text(options.port),
    user: text(options.user),
  }
  const isJson = options.json === true
  return {
    config: toConfig(readEnvironment(flags), callersDir()),
    isJson,
    say: (line) => isJson || process.stdout.write(`${harmlessLines(line)}\n`),
    answer: (value) => isJson && process.stdout.write(`${JSON.stringify(value)}\n`),
  }
}

/** One sentence on standard error; with --json one line of JSON on standard output, where the answer would be. */
function failed(error: unknown, isJson: boolean): number {
  // commander has printed its help by itself.
  if (error instanceof CommanderError && error.exitCode === 0) return 0
  const isMisread = error instanceof CommanderError
  const code = isMisread ? 'bad_request' : error instanceof AppError ? error.code : 'internal'
  const sentence = error instanceof Error ? error.message.replace(/^error: /, '') : String(error)
  if (isJson) {
    const message = code === 'internal' && !(error instanceof AppError) ? 'Something went wrong: a bug.' : sentence
    process.stdout.write(cleanText(JSON.stringify({ code, message })))
  }
  if (error instanceof AppError || isMisread) {
    if (!isJson) process.stderr.write(cleanText(harmlessLines(sentence)))
  } else process.stderr.write(cleanText(harmlessLines(inspect(error))))
  return isMisread ? 2 : 1
}
