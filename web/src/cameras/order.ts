/** The order of cameras in every list. Pure. */

interface Ordered {
  readonly id: string
  readonly order: number
}

/** As the server lists them: by order, then age (ids are ordered by time). */
export const inOrder = <T extends Ordered>(cameras: readonly T[]): readonly T[] =>
  cameras.toSorted((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1))

/** The fewest new orders that move a camera one place; none where it stands at that end already. */
export function movedOrders(cameras: readonly Ordered[], id: string, by: -1 | 1) {
  const list = [...inOrder(cameras)]
  const from = list.findIndex((camera) => camera.id === id)
  const moved = list[from]
  if (!moved || from + by < 0 || from + by >= list.length) return []
  list.splice(from, 1)
  list.splice(from + by, 0, moved)
  return list.flatMap((camera, order) => (camera.order === order ? [] : [{ id: camera.id, change: { order } }]))
}
