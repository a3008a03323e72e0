/** A record of the log, and when the log took it. */
export interface Appended {
  readonly offset: number
  readonly at: number
}

/** What a node was seen to have committed: everything before `size`. */
export interface Sighting {
  readonly size: number
  readonly at: number
}

/** Milliseconds from each record's appending until it was first seen; Infinity for those not seen. Both lists are in order. */
export function lagsOf(appended: readonly Appended[], sightings: readonly Sighting[]): readonly number[] {
  let next = 0
  return appended.map(({ offset, at }) => {
    while (next < sightings.length && (sightings[next]?.size ?? 0) <= offset) next += 1
    return Math.max(0, (sightings[next]?.at ?? Infinity) - at)
  })
}
