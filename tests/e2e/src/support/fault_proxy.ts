// FaultProxy: a stretch of bad network between a client and a server, on this machine. Bytes go through as the fault of the
// moment has it; a fault that is set holds for open connections too.
import { once } from 'node:events';
import net from 'node:net';

export type Fault =
  | { kind: 'none' }
  | { kind: 'refused' } // every connection is cut at once
  | { kind: 'cut'; afterBytes: number } // each connection is cut after so many bytes, in the midst of anything
  | { kind: 'deaf' } // what the client says arrives, the answers do not
  | { kind: 'hole' } // neither arrives, and nobody is told: a half-open connection
  | { kind: 'slow'; bytesPerSecond: number }
  | { kind: 'doubled' }; // each piece that the client sends arrives twice

const kTickMs = 20;

export class FaultProxy {
  private fault: Fault = { kind: 'none' };
  private readonly open = new Set<net.Socket>();
  private target: { host: string; port: number };

  private constructor(private readonly listener: net.Server, target: string) {
    this.target = hostAndPort(target);
    listener.on('connection', (client) => this.join(client));
  }

  static async start(target: string): Promise<FaultProxy> {
    const listener = net.createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return new FaultProxy(listener, target);
  }

  get address(): string {
    return `127.0.0.1:${(this.listener.address() as net.AddressInfo).port}`;
  }

  set(fault: Fault): void {
    this.fault = fault;
    if (fault.kind === 'refused') this.cut();
  }

  // From now on; open connections stay with the old target.
  retarget(target: string): void {
    this.target = hostAndPort(target);
  }

  cut(): void {
    for (const socket of this.open) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    this.listener.close();
    await once(this.listener, 'close');
  }

  private join(client: net.Socket): void {
    if (this.fault.kind === 'refused') {
      client.destroy();
      return;
    }
    const server = net.connect(this.target);
    let passed = 0;
    for (const [from, to, fromClient] of [[client, server, true], [server, client, false]] as const) {
      this.open.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        this.open.delete(from);
        if (this.fault.kind !== 'hole') to.destroy();
      });
      from.on('data', (bytes: Buffer) => {
        passed += bytes.length;
        this.pass(bytes, from, to, fromClient, passed);
      });
    }
  }

  private pass(bytes: Buffer, from: net.Socket, to: net.Socket, fromClient: boolean, passed: number): void {
    const fault = this.fault;
    switch (fault.kind) {
      case 'hole':
        return;
      case 'deaf':
        if (fromClient) to.write(bytes);
        return;
      case 'cut':
        if (passed < fault.afterBytes) {
          to.write(bytes);
          return;
        }
        to.write(bytes.subarray(0, Math.max(0, bytes.length - (passed - fault.afterBytes))));
        from.destroy();
        return;
      case 'slow':
        this.trickle(bytes, from, to, Math.max(1, Math.floor((fault.bytesPerSecond * kTickMs) / 1000)));
        return;
      case 'doubled':
        to.write(bytes);
        if (fromClient) to.write(bytes);
        return;
      default:
        to.write(bytes);
    }
  }

  private trickle(bytes: Buffer, from: net.Socket, to: net.Socket, piece: number): void {
    from.pause();
    const next = (at: number): void => {
      if (at >= bytes.length || to.destroyed) {
        from.resume();
        return;
      }
      to.write(bytes.subarray(at, at + piece));
      setTimeout(next, kTickMs, at + piece);
    };
    next(0);
  }
}

function hostAndPort(address: string): { host: string; port: number } {
  const [host, port] = address.split(':');
  return { host, port: Number(port) };
}
