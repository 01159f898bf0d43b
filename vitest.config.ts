/** Three suites: `unit` beside the code, `pipeline` (server against cameras) and `browser` (Chromium against the server). */
import { defineConfig } from 'vitest/config'

/** Limits are nets for what hangs, not measures: on a busy machine everything takes ten times as long. */
const patient = {
  testTimeout: 120_000,
  hookTimeout: 120_000,
  setupFiles: ['test/support/patient-waits.ts'],
  expect: { poll: { timeout: 15_000 } },
}
const slow = {
  ...patient,
  // Two at a time: they mostly wait for cameras. Each has its own folders, ports and mounts.
  maxWorkers: 2,
}
export default defineConfig({
  test: {
    globalSetup: 'test/support/own-temporary-folder.ts',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{server,shared,web}/src/**/*.test.ts', 'test/cameras/**/*.test.ts', 'scripts/**/*.test.ts'],
          ...patient,
        },
      },
      { test: { name: 'pipeline', include: ['test/e2e/*.test.ts'], ...slow } },
      { test: { name: 'browser', include: ['test/e2e/web/*.test.ts'], ...slow } },
    ],
  },
})
