import { Worker } from 'node:worker_threads'

const silenceMsMax = 20_000

/** Ends the process with the number of the input that never came to an end, which no timer of its own thread could. */
export class Watchdog {
  readonly #input: BigInt64Array
  readonly #worker: Worker

  constructor(seed: number) {
    const shared = new SharedArrayBuffer(8)
    this.#input = new BigInt64Array(shared)
    this.#worker = new Worker(source, { eval: true, workerData: { shared, seed, silenceMsMax } })
    this.#worker.unref()
  }

  begin(input: number): void {
    Atomics.store(this.#input, 0, BigInt(input) + 1n)
  }

  [Symbol.dispose](): void {
    void this.#worker.terminate()
  }
}

const source = `
const { workerData } = require('node:worker_threads')
const input = new BigInt64Array(workerData.shared)
let last = 0n
setInterval(() => {
  const now = Atomics.load(input, 0)
  if (now !== 0n && now === last) {
    require('node:fs').writeSync(2, 'Input ' + (now - 1n) + ' of seed ' + workerData.seed + ' does not end.\\n')
    process.kill(process.pid, 'SIGKILL')
  }
  last = now
}, workerData.silenceMsMax)
`
