/**
 * What the benches run inside the page, told as text: this project's tests know no DOM types. They only listen; nothing of
 * the app is replaced.
 */

/** Before the app loads: notes what live workers report, in `__live`. */
export const listenToLiveWorkers = `(() => {
  const live = { measures: [], pictures: [] }
  window.__live = live
  const Native = window.Worker
  window.Worker = class extends Native {
    constructor(...args) {
      super(...args)
      const madeMs = performance.now()
      let openedMs = madeMs
      let isFirst = true
      this.addEventListener('message', ({ data }) => {
        if (data.kind === 'connecting') openedMs = performance.now()
        if (data.kind === 'measure' && data.latency) live.measures.push(data.latency)
        if (data.kind !== 'picture' || !isFirst) return
        isFirst = false
        live.pictures.push({ sinceSocketMs: performance.now() - openedMs, sinceWorkerMs: performance.now() - madeMs })
      })
    }
  }
})()`

/**
 * Notes in \`__seen\` when each frame came to the screen, by the counter that the simulated camera draws (readCounter of
 * test/cameras/scene.ts), looking at every animation frame.
 */
export const watchCounter = (selector: string) => `(() => {
  window.__seen = []
  const run = window.__watching = {}
  const small = new OffscreenCanvas(8, 8)
  const draw = small.getContext('2d', { willReadFrequently: true })
  let last = -1
  const look = () => {
    if (window.__watching !== run) return
    const atMs = performance.timeOrigin + performance.now()
    const picture = [...document.querySelectorAll(${JSON.stringify(selector)} + ' canvas')].at(-1)
    const height = picture?.height ?? 0
    if (height > 100) {
      const side = Math.max(4, Math.floor(height / 90) * 2)
      if (small.width !== 18 * side) Object.assign(small, { width: 18 * side, height: 1 })
      draw.drawImage(picture, 0, height - Math.floor(1.5 * side), small.width, 1, 0, 0, small.width, 1)
      const row = draw.getImageData(0, 0, small.width, 1).data
      let counter = 0
      for (let bit = 0; bit < 16; bit++) counter = (counter << 1) | (row[(side + bit * side + (side >> 1)) * 4 + 1] > 128 ? 1 : 0)
      for (let shift = 1; shift < 16; shift <<= 1) counter ^= counter >> shift
      if (counter !== last) window.__seen.push([counter, atMs])
      last = counter
    }
    requestAnimationFrame(look)
  }
  look()
})()`

/**
 * Presses a key on the page and tells the time until the video shows another frame (requestVideoFrameCallback), and since
 * the first request that it made: null where the footage was in the browser already.
 */
export const pressAndWait = (key: string, withShift: boolean) => `new Promise((resolve) => {
  const video = document.querySelector('[data-player] video')
  performance.clearResourceTimings()
  const pressedMs = performance.now()
  video.requestVideoFrameCallback((nowMs) => {
    // The entries of requests that have just ended come a moment later.
    setTimeout(() => {
      const asked = performance.getEntriesByType('resource')
        .filter(({ name, startTime }) => /\\/(parts|media)/.test(name) && startTime >= pressedMs && startTime < nowMs)
        .map(({ startTime }) => startTime)
      resolve({
        sincePressMs: nowMs - pressedMs,
        sinceRequestMs: asked.length > 0 ? nowMs - Math.min(...asked) : null,
      })
    }, 200)
  })
  document.dispatchEvent(new KeyboardEvent('keydown', { key: ${JSON.stringify(key)}, shiftKey: ${withShift}, bubbles: true, cancelable: true }))
})`
