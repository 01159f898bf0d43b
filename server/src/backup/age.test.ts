/** Encrypted backups: what opens them, what does not, and the age program of others in both directions. */
import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { maxBackupBytes } from '@vedette/shared/backup.ts'
import { Encrypter } from 'age-encryption'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { configureHouse, documentOf, passphrase } from '../../../test/support/configured-house.ts'
import { whyMissing } from '../../../test/support/foreign-program.ts'
import { openDatabase } from '../db/database.ts'
import { decryptDocument, encryptDocument, maxArchiveBytes } from './age.ts'
import { doAgeJob } from './age-work.ts'
import type { BackupDocument } from './backup-document.ts'
import { readDocument } from './read-document.ts'

let document: BackupDocument
let archive: Uint8Array
const root = await mkdtemp(join(tmpdir(), 'vedette-age-'))
afterAll(() => rm(root, { recursive: true, force: true }))
beforeAll(async () => {
  const db = await openDatabase({ kind: 'sqlite', path: ':memory:' })
  await configureHouse(db)
  document = await documentOf(db)
  await db.destroy()
  archive = await encryptDocument(document, passphrase)
})

/** Cheap to make and to try: what is tested is not scrypt. */
async function quickArchive(text: string | Uint8Array): Promise<Uint8Array> {
  const encrypter = new Encrypter()
  encrypter.setPassphrase(passphrase)
  encrypter.setScryptWorkFactor(1)
  return encrypter.encrypt(text)
}

test('R25 a backup opens with its passphrase, and nothing of it can be read without', async () => {
  expect(await decryptDocument(archive, passphrase)).toEqual(document)
  const text = Buffer.from(archive).toString('latin1')
  expect(text.startsWith('age-encryption.org/v1\n-> scrypt ')).toBe(true)
  expect(text).not.toMatch(/Anna|Yard|argon2/)
})

test('R25 another passphrase opens nothing, and hears no more than that', async () => {
  await expect(decryptDocument(archive, `${passphrase}.`)).rejects.toMatchObject({ code: 'backup_refused' })
})

test('R25 the server answers while a backup is made', async () => {
  let turns = 0
  const turning = setInterval(() => turns++, 1)
  await encryptDocument(document, passphrase)
  clearInterval(turning)
  // scrypt works for a second; on our thread it would leave a turn or two.
  expect(turns).toBeGreaterThan(20)
})

describe('R25 a damaged backup is refused', () => {
  test('whatever bit is wrong, wherever it is cut', async () => {
    const quick = await quickArchive(JSON.stringify(document))
    const ends = Buffer.from(quick).indexOf('\n---') // Where the header's own code begins.
    const classes = {
      header: [0, ends],
      code: [ends, ends + 48],
      nonce: [ends + 48, ends + 64],
      payload: [ends + 64, quick.length],
    } as const
    for (const [from, to] of Object.values(classes))
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: from, max: to - 1 }), fc.integer({ min: 0, max: 7 }), async (at, bit) => {
          const damaged = Uint8Array.from(quick)
          damaged[at] = (damaged[at] ?? 0) ^ (1 << bit)
          await expect(decryptDocument(damaged, passphrase, doAgeJob)).rejects.toMatchObject({ code: 'backup_refused' })
        }),
        { numRuns: 40, seed: 7 },
      )
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: quick.length - 1 }), async (length) => {
        const cut = decryptDocument(quick.subarray(0, length), passphrase, doAgeJob)
        await expect(cut).rejects.toMatchObject({ code: 'backup_refused' })
      }),
      { numRuns: 60, seed: 7 },
    )
  })

  test('also one that something was added to, and a file that is none', async () => {
    for (const bytes of [
      Buffer.concat([archive, Buffer.from('x')]),
      Buffer.alloc(0),
      Buffer.from('{"format":"vedette-backup"}'),
    ])
      await expect(decryptDocument(bytes, passphrase, doAgeJob)).rejects.toMatchObject({ code: 'backup_refused' })
  })
})

describe('R20 limits', () => {
  test('a file that is too large is not even looked at, nor is one made', async () => {
    const large = Buffer.alloc(maxArchiveBytes + 1)
    await expect(decryptDocument(large, passphrase)).rejects.toMatchObject({ code: 'payload_too_large' })
    const camera = document.configuration.cameras[0]
    if (!camera) throw new Error('no camera')
    const many = Array.from({ length: 3 }, () => ({ ...camera, password: 'x'.repeat(maxBackupBytes / 2) }))
    const tooMuch = { ...document, configuration: { ...document.configuration, cameras: many } }
    await expect(encryptDocument(tooMuch, passphrase)).rejects.toMatchObject({ code: 'payload_too_large' })
  })

  test('a header that asks for more memory than we give is refused before any is spent', async () => {
    const text = Buffer.from(archive)
      .toString('latin1')
      .replace(/^(.*\n-> scrypt \S+) 17/, '$1 30')
    const started = performance.now()
    await expect(decryptDocument(Buffer.from(text, 'latin1'), passphrase)).rejects.toThrow(/too much memory/)
    expect(performance.now() - started).toBeLessThan(5000)
  })

  test('a newer form is called newer', async () => {
    const newer = { ...document, version: 2, madeBy: '3.0.0', somethingNew: true }
    const bytes = await quickArchive(JSON.stringify(newer))
    await expect(decryptDocument(bytes, passphrase, doAgeJob)).rejects.toThrow(/newer Vedette \(3\.0\.0\)/)
  })
})

describe('R20 what is in it is hostile', () => {
  const refusalOf = (value: unknown) => {
    const found = readDocument(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)))
    return 'refused' in found ? found.refused : undefined
  }
  type Change = (given: BackupDocument['configuration']) => object
  const changed = (change: Change) => ({
    ...document,
    configuration: { ...document.configuration, ...change(document.configuration) },
  })
  const users =
    (change: (user: BackupDocument['configuration']['users'][number]) => object): Change =>
    (given) => ({ users: given.users.map((user) => ({ ...user, ...change(user) })) })
  const cases: readonly [string, Change, RegExp][] = [
    ['the same user twice', (given) => ({ users: [...given.users, ...given.users] }), /same user is in it twice/],
    ['one name for two users', users(() => ({ username: 'Anna', email: null })), /name or e-mail address of a user/],
    [
      'a name that is another’s address',
      users(({ role }) => (role === 'viewer' ? { username: 'anna@example.org' } : {})),
      /name or e-mail/,
    ],
    ['the same token twice', (given) => ({ tokens: [...given.tokens, ...given.tokens] }), /same API token/],
    [
      'a token of nobody',
      (given) => ({ tokens: given.tokens.map((token) => ({ ...token, userId: '01J0000000000000000000000Z' })) }),
      /belongs to a user that is not in it/,
    ],
    ['a group with a camera that is not there', (given) => ({ cameras: given.cameras.slice(1) }), /that is not in it/],
    ['a role that is not there', () => ({ roles: [] }), /has a role that is not in it/],
    [
      'a role with a right that does not exist',
      (given) => ({ roles: given.roles.map((role) => ({ ...role, rights: ['admin'] })) }),
      /rights/,
    ],
    ['a user of a third kind', users(() => ({ role: 'root' })), /role/],
    ['an administrator with a viewer’s rights', users(() => ({ role: 'admin' })), /rights of a viewer/],
    ['no administrator', users(() => ({ role: 'viewer' })), /no administrator/],
    ['only a disabled administrator', users(() => ({ disabled: true })), /no administrator/],
    ['an unknown key', users(() => ({ isRoot: true })), /not as Vedette writes it/],
    [
      'a password hash that costs a machine',
      users(() => ({ passwordHash: `$argon2id$v=19$m=999999,t=2,p=1$${'a'.repeat(22)}$${'b'.repeat(43)}` })),
      /passwordHash/,
    ],
    [
      'a password hash that costs nothing',
      users(() => ({ passwordHash: `$argon2id$v=19$m=10000,t=1,p=1$${'a'.repeat(22)}$${'b'.repeat(43)}` })),
      /passwordHash/,
    ],
    [
      'a password in an address',
      (given) => ({
        cameras: given.cameras.map((camera) => ({
          ...camera,
          settings: { ...camera.settings, address: 'rtsp://root:secret@10.0.0.7/main' },
        })),
      }),
      /address/,
    ],
    [
      'streams on two hosts',
      (given) => ({
        cameras: given.cameras.map((camera) => ({
          ...camera,
          settings: { ...camera.settings, subAddress: 'rtsp://10.9.9.9:554/sub' },
        })),
      }),
      /two hosts|address/,
    ],
    ['a page elsewhere', users(() => ({ defaultPage: '//evil.example' })), /defaultPage/],
    ['a name that cannot be seen', users(() => ({ username: 'Anna\u202e' })), /username/],
    [
      'more cameras than there may be',
      (given) => ({ cameras: Array.from({ length: 257 }, () => given.cameras[0]) }),
      /cameras/,
    ],
  ]
  test.each(cases)('%s', (_, change, sentence) => {
    expect(refusalOf(changed(change))).toMatch(sentence)
  })

  test('the untouched one is taken', () => {
    expect(refusalOf(document)).toBeUndefined()
  })

  test('keys of prototypes, nesting without end, and what is no JSON', () => {
    const text = JSON.stringify(document)
    for (const bad of [
      text.replace('"format"', '"__proto__":{"isAdmin":true},"format"'),
      text.replace('"policy"', '"constructor":{},"policy"'),
      '['.repeat(200_000),
      '[]',
      'null',
      '',
      text.slice(0, -1),
    ])
      expect(refusalOf(bad), bad.slice(0, 60)).toMatch(/cannot be restored/)
    expect('refused' in readDocument(Uint8Array.from([0xff, 0xfe, 0x7b]))).toBe(true)
  })

  test('R20 millions of nothings are refused before anything is made of them', () => {
    const empty = `{"format":"vedette-backup","configuration":{"users":[${'{},'.repeat(5e6)}{}]}}`
    expect(readDocument(Buffer.from(empty))).toEqual({ refused: expect.stringContaining('more things in it') })
    // In a text they are only characters.
    const name = JSON.stringify('"{[,'.repeat(1e6))
    expect(readDocument(Buffer.from(`{"format":${name}}`))).toEqual({
      refused: expect.stringContaining('no configuration'),
    })
  })

  test('anything at any place: it is refused or a whole document, and never throws', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), fc.jsonValue(), (numbers, value) => {
        const copy: unknown = JSON.parse(JSON.stringify(document))
        replaceSomewhere(copy, () => numbers.next().value ?? 0, value)
        const found = readDocument(Buffer.from(JSON.stringify(copy)))
        if ('document' in found) expect(refusalOf(found.document)).toBeUndefined()
        else expect(found.refused).toMatch(/^This backup cannot be restored: .{5,600}\.$/s)
      }),
      { numRuns: 400, seed: 11 },
    )
  })
})

/** Walks down by chance and puts `value` at some place, or deletes or doubles what is there. */
function replaceSomewhere(root_: unknown, random: () => number, value: unknown): void {
  let at = root_
  for (;;) {
    if (typeof at !== 'object' || at === null) return
    const keys = Object.keys(at)
    const key = keys[Math.floor(random() * keys.length)]
    if (key === undefined) return
    const holder = at as Record<string, unknown>
    const inner = holder[key]
    if (typeof inner === 'object' && inner !== null && Object.keys(inner).length > 0 && random() < 0.85) {
      at = inner
      continue
    }
    const way = random()
    if (way < 0.6) holder[key] = value
    else if (way < 0.8) delete holder[key]
    else holder[`${key}2`] = inner
    return
  }
}

const noAge = whyMissing('age', 'age', '--version') ?? whyMissing('script', 'script', '--version')

describe.skipIf(noAge)('R25 the age program', () => {
  /** It asks for the passphrase on a terminal: `script` gives it one. */
  const age = (command: string, answers: string) =>
    spawnSync('script', ['-qec', command, '/dev/null'], {
      cwd: root,
      input: answers,
      encoding: 'utf8',
      timeout: 60_000,
    })

  test('opens our backups', async () => {
    await writeFile(join(root, 'ours.age'), archive)
    const run = age('age -d -o ours.json ours.age', `${passphrase}\n`)
    expect(run.stdout).toBeDefined()
    expect(JSON.parse(await readFile(join(root, 'ours.json'), 'utf8'))).toEqual(document)
  })

  test('makes files that we open', async () => {
    await writeFile(join(root, 'theirs.json'), JSON.stringify(document))
    age('age -p -o theirs.age theirs.json', `${passphrase}\n${passphrase}\n`)
    expect(await decryptDocument(await readFile(join(root, 'theirs.age')), passphrase)).toEqual(document)
  })
})
