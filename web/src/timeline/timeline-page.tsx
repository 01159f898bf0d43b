/** What was recorded. */
export function TimelinePage() {
  return null
}
