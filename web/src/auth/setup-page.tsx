/** The first administrator. */
export function SetupPage() {
  return null
}
