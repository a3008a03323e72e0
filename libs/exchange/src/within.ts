/** What comes of a question within the time, undefined when it fails or takes longer. */
export function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  return Promise.race([promise.catch(() => undefined), new Promise<undefined>((resolve) => setTimeout(resolve, ms, undefined).unref())])
}
