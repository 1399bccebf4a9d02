// Signs: how paper shows results and asks, in bubbles and in what clerks key.
// Thread safety: pure.
#pragma once

#include <vector>

#include "services/paper/print/packet_content.h"
#include "snowfield/canvass/v1/canvass.pb.h"

namespace snowfield::paper {

// All results, in the order of their bubbles: the usual ones first.
std::vector<PacketCode> ResultSigns();
PacketCode AskSign(canvass::v1::AskKind ask);

}  // namespace snowfield::paper
