import { expect, test } from 'vitest'
import { inOrder, movedOrders } from './order.ts'

const camera = (name: string, order: number) => ({ id: name, order })
const apply = (cameras: readonly ReturnType<typeof camera>[], changes: ReturnType<typeof movedOrders>) =>
  inOrder(cameras.map((c) => ({ ...c, order: changes.find((x) => x.id === c.id)?.change.order ?? c.order }))).map(
    (c) => c.id,
  )

test('moves a camera among cameras that share an order', () => {
  const cameras = [camera('A', 0), camera('B', 0), camera('C', 0)]
  expect(apply(cameras, movedOrders(cameras, 'C', 1))).toEqual(['A', 'C', 'B'])
})

test('changes only the two that swap where orders are settled', () => {
  const cameras = [camera('A', 0), camera('B', 1), camera('C', 2)]
  expect(movedOrders(cameras, 'A', 1)).toEqual([
    { id: 'B', change: { order: 0 } },
    { id: 'A', change: { order: 1 } },
  ])
})

test('moves a camera over several others', () => {
  const cameras = [camera('A', 0), camera('B', 1), camera('C', 2), camera('D', 3)]
  expect(apply(cameras, movedOrders(cameras, 'D', 0))).toEqual(['D', 'A', 'B', 'C'])
})

test('leaves a camera where it is when there is nowhere to go', () => {
  expect(movedOrders([camera('A', 0), camera('B', 1)], 'A', -1)).toEqual([])
  expect(movedOrders([camera('A', 0), camera('B', 1)], 'B', 1)).toEqual([])
  expect(movedOrders([camera('A', 0)], 'gone', 1)).toEqual([])
})
