/** A PostgreSQL that a test may stop and start while others use theirs. Nothing listens on the network. */
import { execFileSync } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unprivilegedUser } from './postgres-cluster.ts'

export class OwnPostgres {
  readonly url: string
  readonly #programs: string
  readonly #folder: string

  private constructor(programs: string, folder: string) {
    this.#programs = programs
    this.#folder = folder
    this.url = `postgres://vedette@/postgres?host=${encodeURIComponent(folder)}`
  }

  static open(programs: string): OwnPostgres {
    const folder = mkdtempSync(join(tmpdir(), 'vedette-own-postgres-'))
    const user = unprivilegedUser()
    if (user) chownSync(folder, user.uid, user.gid)
    const postgres = new OwnPostgres(programs, folder)
    postgres.#run('initdb', '-U', 'vedette', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync')
    postgres.start()
    return postgres
  }

  start(): void {
    const options = `-k ${this.#folder} -c listen_addresses= -c fsync=off`
    this.#run('pg_ctl', '-w', '-t', '30', '-l', join(this.#folder, 'log'), '-o', options, 'start')
  }

  /** As a crash of the server would end it. */
  stop(): void {
    this.#run('pg_ctl', '-m', 'immediate', 'stop')
  }

  close(): void {
    try {
      this.stop()
    } finally {
      rmSync(this.#folder, { recursive: true, force: true })
    }
  }

  #run(program: string, ...args: string[]): void {
    const user = unprivilegedUser()
    execFileSync(join(this.#programs, program), ['-D', join(this.#folder, 'data'), ...args], {
      ...(user ? { uid: user.uid, gid: user.gid } : {}),
      cwd: this.#folder,
      stdio: 'ignore', // The server inherits it: a pipe would never end.
    })
  }
}
