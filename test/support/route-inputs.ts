/** What a route takes, read from its schemas as JSON Schema: for tests that hold over all routes. */
import { z } from 'zod'

/** The parts of JSON Schema that zod writes. */
export interface Shape {
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Shape
  readonly items?: Shape
  readonly maxItems?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly format?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Shape[]
  readonly oneOf?: readonly Shape[]
  readonly allOf?: readonly Shape[]
  readonly propertyNames?: Shape
  readonly prefixItems?: readonly Shape[]
}

/** Undefined for what is no zod schema. */
export function shapeOf(schema: unknown): Shape | undefined {
  if (!(schema instanceof z.ZodType)) return undefined
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape
}

/** Every place that takes more than is bounded: objects with unknown keys, texts and lists without a length. */
export function unboundedPlaces(shape: Shape, path = ''): string[] {
  const inner = [...(shape.anyOf ?? []), ...(shape.oneOf ?? []), ...(shape.allOf ?? [])].flatMap((one) =>
    unboundedPlaces(one, path),
  )
  const types = [shape.type ?? []].flat()
  const found: string[] = []
  if (types.includes('object')) {
    const isMap = typeof shape.additionalProperties === 'object' && shape.propertyNames !== undefined
    if (shape.additionalProperties !== false && !isMap) found.push(`${path || 'the whole'}: takes unknown keys`)
    for (const [name, one] of Object.entries(shape.properties ?? {}))
      inner.push(...unboundedPlaces(one, path ? `${path}.${name}` : name))
  }
  if (types.includes('array')) {
    if (shape.maxItems === undefined && !shape.prefixItems) found.push(`${path}: a list of any length`)
    if (shape.items) inner.push(...unboundedPlaces(shape.items, `${path}[]`))
  }
  const isText = types.includes('string') && shape.enum === undefined && shape.const === undefined
  if (isText && shape.maxLength === undefined && !isShort(shape.pattern)) found.push(`${path}: a text of any length`)
  return [...found, ...inner]
}

/** A pattern of known length, such as an id's. */
function isShort(pattern: string | undefined): boolean {
  if (!pattern?.startsWith('^') || !pattern.endsWith('$')) return false
  const bare = pattern.replace(/\\.|\[[^\]]*\]/g, 'x')
  return !/[*+]|\{\d+,\}/.test(bare)
}

/** Names of the fields of a shape's own, required ones apart. */
export function fieldsOf(shape: Shape | undefined): { all: readonly string[]; required: readonly string[] } {
  const parts = [shape, ...(shape?.anyOf ?? []), ...(shape?.oneOf ?? [])]
  return {
    all: [...new Set(parts.flatMap((part) => Object.keys(part?.properties ?? {})))],
    required: [...new Set(parts.flatMap((part) => part?.required ?? []))],
  }
}
