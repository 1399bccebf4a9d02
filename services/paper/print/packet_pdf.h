// A packet as a PDF: a cover with the map, a page with the script and what the signs mean, and the sheets. Each page
// has its bar code. The same content gives the same bytes on the same machine. Thread safety: pure; any
// number at once.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/paper/print/layout.h"
#include "services/paper/print/packet_content.h"
#include "services/paper/print/page_code.h"

namespace snowfield::paper {

// Before the sheets: cover and script.
inline constexpr int kPagesBeforeSheets = 2;

// The code of each page, in their order.
std::vector<PageCode> PageCodesOf(const PacketContent& content, size_t sheets);

// How dark the printed sign makes the inside of an empty bubble, 0 to 1: its mean, kBubbleEdge within the outline.
double InkOfSign(const Mark& mark, const PacketFormat& format);
inline constexpr double kBubbleEdge = 0.5;  // millimetres

// RESOURCE_EXHAUSTED where there is no memory for it.
absl::StatusOr<std::string> DrawPacket(const PacketContent& content, const PacketFormat& format,
                                       const std::vector<Sheet>& sheets);

}  // namespace snowfield::paper
