/** Where a value is kept, between the one met before it and the one met after it. */
interface Place<T> {
  readonly subject: string
  value: T | undefined
  before: Place<T>
  after: Place<T>
}

/**
 * Values by subject, of which those met last stay. None is taken from the map and put back to keep it in order: V8 makes such a map a new table after every
 * few, and each table that it has left holds the next one and its own values, past the end of them all, until the whole heap is marked (decision 0024).
 * So a value comes to the place of the one before, and a place that goes is empty and leads nowhere.
 */
export class LatelyMet<T extends object> {
  readonly #places = new Map<string, Place<T>>()
  /** Closes the ring: after it comes the place met longest ago, before it the one met last. */
  readonly #end = placeOf<T>('')

  constructor(private readonly most: number) {}

  get(subject: string): T | undefined {
    const place = this.#places.get(subject)
    if (place) this.#meet(place)
    return place?.value
  }

  /** Without meeting it. */
  peek(subject: string): T | undefined {
    return this.#places.get(subject)?.value
  }

  set(subject: string, value: T): void {
    let place = this.#places.get(subject)
    if (!place) this.#places.set(subject, (place = placeOf(subject)))
    place.value = value
    this.#meet(place)
    if (this.#places.size > this.most) this.#drop(this.#end.after)
  }

  delete(subject: string): void {
    const place = this.#places.get(subject)
    if (place) this.#drop(place)
  }

  clear(): void {
    for (const place of this.#places.values()) this.#drop(place)
  }

  #meet(place: Place<T>): void {
    unlink(place)
    const last = this.#end.before
    place.before = last
    place.after = this.#end
    last.after = this.#end.before = place
  }

  #drop(place: Place<T>): void {
    unlink(place)
    place.value = undefined
    this.#places.delete(place.subject)
  }
}

/** A place that leads to itself. */
function placeOf<T>(subject: string): Place<T> {
  const place = { subject, value: undefined } as Place<T> // whole with the next line
  place.before = place.after = place
  return place
}

function unlink<T>(place: Place<T>): void {
  place.before.after = place.after
  place.after.before = place.before
  place.before = place.after = place
}
