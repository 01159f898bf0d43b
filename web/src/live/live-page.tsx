/** The grid of cameras. */
export function LivePage() {
  return null
}
