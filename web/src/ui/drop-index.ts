/** Where a dragged row goes: the row under the pointer, or the first or last one beyond the ends. Pure. */
export function dropIndex(rows: readonly { readonly top: number; readonly bottom: number }[], y: number): number {
  const under = rows.findIndex(({ bottom }) => y < bottom)
  return under < 0 ? rows.length - 1 : under
}
