/**
 * What the runtime of a node is started with. Statements make much that is soon of no use; with twice the usual room for what is new (`--max-semi-space-size`,
 * MiB, 16 unless told) the collector of garbage comes half as often and finds less of it still in use. Costs up to 32 MiB a process while it works.
 *
 * All of the heap is marked when it has grown by so many percent (`--heap-growing-percent`). Unless told, V8 lets a process that mostly waits add a tenth, which
 * is a marking every few seconds, and by as many threads as it has, which takes the processors from all others for a tenth of a second or two; so it is one
 * beside the process's own. Costs up to twice what is in use: some 130 MiB where 65 are.
 *
 * Unless told (`--no-allocation-site-pretenuring`), V8 makes among what is old whatever comes from a place in the program whose objects were mostly in use when
 * it looked: out of use a moment later, they keep all that they name until the heap is marked. And unless told (`--no-memory-reducer`) it marks a heap after
 * 100 seconds without a marking, throwing away compiled code: all processes that were started together, at the same moment. By the latter a process keeps
 * while it is idle what memory it has taken.
 */
export const runtimeFlags: readonly string[] = [
  '--max-semi-space-size=32', '--heap-growing-percent=200', '--concurrent-marking-max-worker-num=1', '--no-allocation-site-pretenuring', '--no-memory-reducer',
]
