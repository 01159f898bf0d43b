/** The tokens that the canvas draws with (ui/tokens.css), read anew when the theme changes. */

const tokens = {
  ground: '--surface-0',
  raised: '--surface-1',
  lane: '--surface-2',
  line: '--line',
  edge: '--edge',
  high: '--text-high',
  mid: '--text-mid',
  low: '--text-low',
  accent: '--accent',
  onAccent: '--on-accent',
  danger: '--danger',
  event: '--event',
  known: '--known',
} as const

export type TimelineColors = Record<keyof typeof tokens, string> & { readonly font: string }

export function readColors(): TimelineColors {
  const style = getComputedStyle(document.documentElement)
  const read = (name: keyof typeof tokens) => style.getPropertyValue(tokens[name]).trim()
  return {
    ground: read('ground'),
    raised: read('raised'),
    lane: read('lane'),
    line: read('line'),
    edge: read('edge'),
    high: read('high'),
    mid: read('mid'),
    low: read('low'),
    accent: read('accent'),
    onAccent: read('onAccent'),
    danger: read('danger'),
    event: read('event'),
    known: read('known'),
    font: style.fontFamily,
  }
}
