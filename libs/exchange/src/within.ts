const shares = 4

/**
 * What comes of a question within the time, undefined when it fails or takes longer. The time is counted in shares while this process takes its turns:
 * one that was kept from them for seconds learns of its lateness before it reads the answer that has long been there. So it may take as long as four turns do.
 */
export function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  return new Promise((resolve) => {
    let left = shares
    const counting = setInterval(() => (left -= 1) === 0 && end(undefined), ms / shares).unref()
    const end = (answer: T | undefined) => {
      clearInterval(counting)
      resolve(answer)
    }
    promise.then(end, () => end(undefined))
  })
}
