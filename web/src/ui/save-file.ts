/** Hands a file that the page has to the browser's downloads. */
export function saveFile(name: string, content: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  // The download has begun by then; Firefox needs the address a little longer than this task.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
