/**
 * What the runtime of a node is started with. Statements make much that is soon of no use; with twice the usual room for what is new (`--max-semi-space-size`,
 * MiB, 16 unless told) the collector of garbage comes half as often and finds less of it still in use. Costs up to 32 MiB a process while it works.
 *
 * All of the heap is marked when it has grown by so many percent (`--heap-growing-percent`). Unless told, V8 lets a process that mostly waits add a tenth, which
 * is a marking every few seconds, and by as many threads as it has, which takes the processors from all others for a tenth of a second or two; so it is one
 * beside the process's own. Costs up to twice what is in use: some 130 MiB where 65 are.
 *
 * Without `--no-allocation-site-pretenuring` V8 puts what a place in the program has made, and what was mostly still in use when it looked, among what is old: there it
 * is in nobody's use a moment later, and keeps all that it names until the heap is marked. Without `--no-memory-reducer` it marks a heap that has not
 * been marked for 100 seconds, throws away what was compiled with it, and does so in all processes that were started together at the same moment; what a
 * process has taken of memory it keeps by that while it is idle.
 */
export const runtimeFlags: readonly string[] = [
  '--max-semi-space-size=32', '--heap-growing-percent=200', '--concurrent-marking-max-worker-num=1', '--no-allocation-site-pretenuring', '--no-memory-reducer',
]
