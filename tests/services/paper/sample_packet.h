// A made-up packet of any size, for tests of how packets are printed. Thread safety: pure.
#pragma once

#include "services/paper/print/packet_content.h"

namespace snowfield::tests {

// `doors` doors on two sides of two streets, the last six in one building; with names that are long, or written from
// the right.
paper::PacketContent SamplePacket(int doors);

}  // namespace snowfield::tests
