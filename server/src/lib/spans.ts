/** Arithmetic on half-open spans of time, [startMs, endMs). Lists are sorted by start unless it says otherwise. */

export interface Span {
  readonly startMs: number
  readonly endMs: number
}

/** One sorted list without overlaps; spans that lie at most `toleranceMs` apart become one. Takes any order. */
export function mergeSpans(spans: readonly Span[], toleranceMs = 0): Span[] {
  const merged: Span[] = []
  for (const span of spans.toSorted((a, b) => a.startMs - b.startMs)) {
    const last = merged.at(-1)
    if (last && span.startMs <= last.endMs + toleranceMs) {
      if (span.endMs > last.endMs) merged[merged.length - 1] = { startMs: last.startMs, endMs: span.endMs }
    } else merged.push({ startMs: span.startMs, endMs: span.endMs })
  }
  return merged
}

/** What is left of `span` outside `holes` (any order). */
export function subtractSpans(span: Span, holes: readonly Span[]): Span[] {
  const rest: Span[] = []
  let at = span.startMs
  for (const hole of mergeSpans(holes)) {
    if (hole.endMs <= at) continue
    if (hole.startMs >= span.endMs) break
    if (hole.startMs > at) rest.push({ startMs: at, endMs: hole.startMs })
    at = hole.endMs
  }
  if (at < span.endMs) rest.push({ startMs: at, endMs: span.endMs })
  return rest
}

export function overlaps(a: Span, b: Span): boolean {
  return a.startMs < b.endMs && b.startMs < a.endMs
}

/** The span's pieces in the blocks (hours, days) of `widthMs` that it touches, each with its block's start. */
export function* splitByBlock(span: Span, widthMs: number): Generator<Span & { readonly blockMs: number }> {
  for (let startMs = span.startMs; startMs < span.endMs; ) {
    const blockMs = startMs - (startMs % widthMs)
    const endMs = Math.min(span.endMs, blockMs + widthMs)
    yield { blockMs, startMs, endMs }
    startMs = endMs
  }
}
