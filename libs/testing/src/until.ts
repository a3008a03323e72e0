/** Asks again and again until the condition answers something true, and returns that; throws when it has not by then. In place of any sleep. */
export async function until<T>(condition: () => T | Promise<T>, atMostMs: number): Promise<NonNullable<T>> {
  const deadline = Date.now() + atMostMs
  for (;;) {
    const answer = await condition()
    if (answer) return answer
    if (Date.now() >= deadline) throw new Error(`not so within ${atMostMs} ms: ${condition.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
