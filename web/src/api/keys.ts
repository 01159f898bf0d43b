/** Every TanStack Query key, so that what invalidates and what reads cannot drift apart. */
export const keys = {
  me: ['me'],
  setup: ['setup'],
  cameras: ['cameras'],
  volumes: ['volumes'],
  receipts: ['receipts'],
  systemStatus: ['system-status'],
  timeline: ['timeline'],
  events: ['events'],
} as const
