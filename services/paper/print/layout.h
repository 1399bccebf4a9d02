// Where everything of a packet's sheets stands: pure arithmetic, without fonts. Drawing (packet_pdf.h) and reading
// scanned sheets both go by it.
//
// Millimetres from the upper left corner of the page, y downwards. A sheet has doors in walking order under headings
// for street and side, and for a building; each door has its number on the map, its address, a bubble for each result,
// a line for each person with the bubbles of the script (one for the household where nobody is known), and room for
// notes. A door is never broken over two sheets. Thread safety: pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "services/paper/print/packet_content.h"

namespace snowfield::paper {

enum class PaperSize { kA4, kLetter };
struct PacketFormat {
  PaperSize paper = PaperSize::kA4;
  bool large_type = false;
};

struct Box {
  double x = 0, y = 0, width = 0, height = 0;
};

// Of the page, and of what every page has.
struct PageFrame {
  double width = 0, height = 0;
  Box body = {};    // for what the page says
  Box code = {};    // the square bar code
  double type = 1;  // how much larger than normal letters and bubbles are
};
PageFrame FrameOf(const PacketFormat& format);

enum class TextStyle { kPlain, kBold, kSmall, kHeading };
struct TextAt {
  Box box = {};  // text that is wider is shortened with an ellipsis
  std::string text = {};
  TextStyle style = TextStyle::kPlain;
};

// One bubble.
struct Mark {
  Box box = {};
  int sequence = 0;  // of its door
  int64_t door_id = 0;
  int64_t person_id = 0;  // 0: the door's, or the household's
  int line = 0;           // of the person in this row, from 1; 0: the door's, or the household's
  int column = 0;         // from 1, questions first, then asks; 0: the door's result
  int choice = 0;         // of a question or ask, from 1 (an ask's: yes, maybe, no); of the result its number
  std::string sign = {};  // what stands in it
};

// A line to write on.
struct WriteLine {
  double x = 0, y = 0, width = 0;
};

struct SheetRow {
  int sequence = 0;
  int64_t door_id = 0;
  std::vector<int64_t> person_ids = {};
  Box box = {};
};

struct Sheet {
  std::vector<TextAt> texts = {};
  std::vector<Mark> marks = {};
  std::vector<WriteLine> lines = {};
  std::vector<SheetRow> rows = {};
};

// At least one sheet. A door with more people than a sheet has room for has as many as fit; the others stand on the
// next sheet under the same number.
std::vector<Sheet> LayOutSheets(const PacketContent& content, const PacketFormat& format);

}  // namespace snowfield::paper
