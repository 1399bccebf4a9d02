// Backoff: how long to wait before the next try. Full jitter (Brooker 2015): each wait is anywhere between nothing and a
// limit that doubles, so that ten thousand phones that lost one server do not come back in one second.
export interface BackoffLimits {
  firstMs: number;
  mostMs: number;
}

export class Backoff {
  private failures = 0;

  constructor(
    private readonly limits: BackoffLimits = { firstMs: 1_000, mostMs: 300_000 },
    private readonly random: () => number = Math.random,
  ) {}

  // `askedMs`: what the server asked for (google.rpc.RetryInfo); never sooner than that.
  nextMs(askedMs = 0): number {
    const limit = Math.min(this.limits.mostMs, this.limits.firstMs * 2 ** this.failures);
    this.failures = Math.min(this.failures + 1, 30);
    return askedMs + this.random() * limit;
  }

  succeeded(): void {
    this.failures = 0;
  }
}
