#include "services/paper/scan/row_reader.h"

#include <algorithm>
#include <utility>

#include "services/paper/keys/marks_check.h"
#include "services/paper/scan/bubbles.h"
#include "services/paper/scan/printed_sheet.h"

namespace snowfield::paper {
namespace {
// Shares of a bubble's inside.
constexpr double kFilled = 0.92;    // that a pen inks where it fills one
constexpr double kUnfilled = 0.45;  // half way: beyond, it is rather filled
// How fast doubt grows: an empty bubble that is darker by 0.02 than its sign makes it, and one that is filled to 0.74,
// are as sure as 0.8. A short tick is 0.04 and more.
constexpr double kEmptySlack = 10;
constexpr double kFilledSlack = 1.1;
// Square millimetres: a dot of a pen is less.
constexpr double kWritingMin = 0.7;
// What is printed is a little larger than its box, or off it, in millimetres.
constexpr double kMarkEdge = 0.6;
constexpr double kTextEdge = 0.4;
constexpr double kRuleEdge = 0.55;

Box Grown(const Box& box, double edge) {
  return {box.x - edge, box.y - edge, box.width + 2 * edge, box.height + 2 * edge};
}

void Judge(const v1::PrintedMark& mark, const Bubbles::Inside& inside, RowRead& row) {
  const bool is_filled = inside.inked > kUnfilled;
  const double sign = static_cast<double>(mark.ink()) / kInkWhole;
  const double doubt = is_filled ? kFilledSlack * std::max(0.0, kFilled - inside.inked)
                                 : kEmptySlack * std::max(0.0, inside.darkness - sign);
  row.confidence = std::min(row.confidence, std::max(0.5, 1 - doubt));
  if (is_filled) row.filled.push_back(mark);
}

bool HasWriting(const Bubbles& bubbles, const v1::PrintedRow& printed) {
  std::vector<Box> known;
  for (const v1::PrintedMark& mark : printed.marks()) known.push_back(Grown(BoxOf(mark.box()), kMarkEdge));
  for (int i = 0; i + 4 <= printed.texts_size(); i += 4) known.push_back(Grown(BoxOf(printed.texts(), i), kTextEdge));
  for (int i = 0; i + 3 <= printed.rules_size(); i += 3) {
    const double x = printed.rules(i) / 100.0, y = printed.rules(i + 1) / 100.0, width = printed.rules(i + 2) / 100.0;
    known.push_back({x - kRuleEdge, y - kRuleEdge, width + 2 * kRuleEdge, 2 * kRuleEdge});
  }
  Box area = BoxOf(printed.box());
  // A line is drawn below each row, and a heading may stand above it.
  area.y += kTextEdge;
  area.height -= 2 * kTextEdge;
  return bubbles.Ink(area, known) > kWritingMin;
}

absl::Status AddMark(const v1::PrintedMark& mark, const std::vector<Column>& columns, const Lines& lines,
                     v1::RowEntry& entry) {
  absl::Status unknown = absl::InvalidArgumentError("the script has no such column");
  if (mark.column() == 0) {
    if (entry.marks().result() != 0) return absl::InvalidArgumentError("two results");
    entry.mutable_marks()->set_result(static_cast<canvass::v1::KnockResult>(mark.choice()));
    return absl::OkStatus();
  }
  if (mark.column() > static_cast<int>(columns.size())) return unknown;
  const Column& column = columns[mark.column() - 1];
  if (mark.choice() < 1 || mark.choice() > column.question.answers_size()) return unknown;
  absl::StatusOr<int64_t> person = PersonOnLine(mark.line(), lines, "line");
  if (!person.ok()) return person.status();
  AddAnswer(column, *person, column.question.answers(mark.choice() - 1), *entry.mutable_marks());
  return absl::OkStatus();
}

}  // namespace

std::vector<RowRead> ReadRows(const GreyImage& image, const PagePlace& place, const v1::PrintedSheet& printed,
                              const std::vector<RowPlace>& rows) {
  std::vector<RowRead> reads;
  for (size_t r = 0; r < rows.size(); ++r) {
    const v1::PrintedRow& row = printed.rows(static_cast<int>(r));
    RowRead& read = reads.emplace_back(RowRead{.sequence = row.sequence()});
    PagePlace of_row = place;
    of_row.map = rows[r].map;
    of_row.white = Bubbles(image, of_row).Paper(BoxOf(row.box()));
    const Bubbles bubbles(image, of_row);
    for (const v1::PrintedMark& mark : row.marks()) Judge(mark, bubbles.Look(BoxOf(mark.box())), read);
    if (!rows[r].is_found) read.doubts.insert(v1::READ_DOUBT_PAGE);
    if (HasWriting(bubbles, row)) read.doubts.insert(v1::READ_DOUBT_WRITING);
  }
  return reads;
}

v1::RowReading ReadingOf(const RowRead& row, const std::vector<Column>& columns, const Lines& lines,
                         double confidence_min) {
  v1::RowReading reading;
  v1::RowEntry entry;
  std::set<v1::ReadDoubt> doubts = row.doubts;
  if (row.filled.empty()) entry.set_blank(true);
  bool can_be_keyed = true;
  for (const v1::PrintedMark& mark : row.filled) {
    can_be_keyed = AddMark(mark, columns, lines, entry).ok() && can_be_keyed;
  }
  if (!can_be_keyed || !CheckEntry(entry, columns, lines).ok()) doubts.insert(v1::READ_DOUBT_CONTRADICTION);
  if (row.confidence < confidence_min) doubts.insert(v1::READ_DOUBT_MARK_UNCLEAR);
  if (can_be_keyed) *reading.mutable_entry() = std::move(entry);
  reading.set_confidence(row.confidence);
  for (const v1::ReadDoubt doubt : doubts) reading.add_doubts(doubt);
  return reading;
}

}  // namespace snowfield::paper
