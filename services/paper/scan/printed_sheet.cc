#include "services/paper/scan/printed_sheet.h"

#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "services/paper/print/packet_pdf.h"

namespace snowfield::paper {
namespace {
constexpr double kHundredths = 100;
using Numbers = google::protobuf::RepeatedField<int32_t>;

void Add(double millimetres, Numbers& numbers) {
  numbers.Add(static_cast<int32_t>(std::lround(millimetres * kHundredths)));
}
void Add(const Box& box, Numbers& numbers) {
  for (const double side : {box.x, box.y, box.width, box.height}) Add(side, numbers);
}
bool IsInRow(double y, const Box& row) { return y >= row.y - 0.01 && y < row.y + row.height; }

}  // namespace

v1::PrintedSheet PrintedSheetOf(const Sheet& sheet, const PacketFormat& format) {
  v1::PrintedSheet printed;
  std::map<std::pair<std::string, double>, int> ink;  // by sign and width of the bubble
  printed.set_letter(format.paper == PaperSize::kLetter);
  printed.set_large_type(format.large_type);
  for (const SheetRow& row : sheet.rows) {
    v1::PrintedRow& message = *printed.add_rows();
    message.set_sequence(row.sequence);
    Add(row.box, *message.mutable_box());
    for (const Mark& mark : sheet.marks) {
      if (!IsInRow(mark.box.y, row.box)) continue;
      v1::PrintedMark& bubble = *message.add_marks();
      Add(mark.box, *bubble.mutable_box());
      bubble.set_column(mark.column);
      bubble.set_choice(mark.choice);
      bubble.set_line(mark.line);
      const auto [known, is_new] = ink.try_emplace({mark.sign, mark.box.width});
      if (is_new) known->second = static_cast<int>(std::lround(kInkWhole * InkOfSign(mark, format)));
      bubble.set_ink(known->second);
    }
    for (const TextAt& text : sheet.texts) {
      if (IsInRow(text.box.y, row.box)) Add(text.box, *message.mutable_texts());
    }
    for (const WriteLine& line : sheet.lines) {
      if (!IsInRow(line.y, row.box)) continue;
      for (const double number : {line.x, line.y, line.width}) Add(number, *message.mutable_rules());
    }
  }
  return printed;
}

PacketFormat FormatOf(const v1::PrintedSheet& printed) {
  return {.paper = printed.letter() ? PaperSize::kLetter : PaperSize::kA4, .large_type = printed.large_type()};
}

Box BoxOf(const Numbers& numbers, int place) {
  if (place + 4 > numbers.size()) return {};
  return {numbers[place] / kHundredths, numbers[place + 1] / kHundredths, numbers[place + 2] / kHundredths,
          numbers[place + 3] / kHundredths};
}

}  // namespace snowfield::paper
