/** The one-time code in the console's link: /setup#code=… A fragment never reaches a server or its log. */
export function codeInHash(hash: string): string {
  return new URLSearchParams(hash.replace(/^#/, '')).get('code')?.trim().slice(0, 100) ?? ''
}
