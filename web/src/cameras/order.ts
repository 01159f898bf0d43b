/** The order of cameras in every list. Pure. */

interface Ordered {
  readonly id: string
  readonly order: number
}

/** As the server lists them: by order, then age (ids are ordered by time). */
export const inOrder = <T extends Ordered>(cameras: readonly T[]): readonly T[] =>
  cameras.toSorted((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1))

/** The fewest new orders that bring a camera to a place in the list; none where it stands there already. */
export function movedOrders(cameras: readonly Ordered[], id: string, toIndex: number) {
  const list = inOrder(cameras)
  const from = list.findIndex((camera) => camera.id === id)
  const moved = list[from]
  if (!moved || from === toIndex || toIndex < 0 || toIndex >= list.length) return []
  return list
    .toSpliced(from, 1)
    .toSpliced(toIndex, 0, moved)
    .flatMap((camera, order) => (camera.order === order ? [] : [{ id: camera.id, change: { order } }]))
}
