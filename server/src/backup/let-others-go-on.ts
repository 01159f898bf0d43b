/** Lets what waits in the event loop have its turn: between the steps of work that takes longer than a request may wait. */
export const letOthersGoOn = () => new Promise<void>((resolve) => setImmediate(resolve))
