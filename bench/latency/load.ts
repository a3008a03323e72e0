import { setTimeout as wait } from 'node:timers/promises'

/** Makes one statement and answers what became of it. */
export type Send<T> = (due: number) => Promise<T>

/** So many who each send the next statement as soon as the last is answered. */
export async function closedLoop<T>(send: Send<T>, concurrency: number, forMs: number): Promise<readonly T[]> {
  const until = performance.now() + forMs
  const answers: T[] = []
  const one = async () => {
    while (performance.now() < until) answers.push(await send(performance.now()))
  }
  await Promise.all(Array.from({ length: concurrency }, one))
  return answers
}

/** Statements that come when they come, evenly spaced, whether or not those before them are answered: waiting counts from when one was due. */
export async function openLoop<T>(send: Send<T>, aSecond: number, forMs: number): Promise<readonly T[]> {
  const answers: Promise<T>[] = []
  const since = performance.now()
  for (let due = since; due < since + forMs; due += 1_000 / aSecond) {
    const early = due - performance.now()
    if (early > 0) await wait(early)
    answers.push(send(due))
  }
  return Promise.all(answers)
}
