// The map of a packet: streets with their names, barriers, the turf's outline, the walk as a line with the doors'
// numbers, and where to start; for black and white printers. Thread safety: as the canvas.
#pragma once

#include "services/paper/print/canvas.h"
#include "services/paper/print/packet_content.h"

namespace snowfield::paper {

// Fills `box`, north up. Nothing but the frame where there is no door.
void DrawMap(Canvas& canvas, const Box& box, const PacketContent& content);

}  // namespace snowfield::paper
