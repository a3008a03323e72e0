import { LRUCache } from 'lru-cache'

/**
 * Values by subject, of which those met last stay. Not a Map of which one is taken and put back each time it is met: V8 makes such a Map a new table after every few
 * of them, and each table it has left holds the next one and its own values, past the end of them all, until the whole heap is marked.
 *
 * @param most room is taken as they come
 */
export function latelyMet<T extends object>(most: number): LRUCache<string, T> {
  return new LRUCache({ maxSize: most, sizeCalculation: () => 1 })
}
