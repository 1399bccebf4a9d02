// What the rows of a scanned sheet say: which bubbles are filled, how sure that is, and what a clerk should look at.
//
// A bubble is filled by the share of its inside that is inked, and empty where it is no darker than the sign that is
// printed in it makes it. A row is read only where every bubble's outline is where it was
// printed, and where nothing is written outside of bubbles; what is written over printed names is not noticed.
// Thread safety: pure; any number at once.
#pragma once

#include <set>
#include <vector>

#include "services/paper/keys/key_codes.h"
#include "services/paper/scan/page_place.h"
#include "snowfield/paper/v1/entry.pb.h"
#include "snowfield/paper/v1/printed.pb.h"

namespace snowfield::paper {

struct RowRead {
  int sequence = 0;
  std::vector<v1::PrintedMark> filled = {};
  double confidence = 1;  // of the least sure bubble: 0.5 to 1
  std::set<v1::ReadDoubt> doubts = {};
};
// All rows of the sheet, in their order; one without bubbles is for a door to be passed by.
std::vector<RowRead> ReadRows(const GreyImage& image, const PagePlace& place, const v1::PrintedSheet& printed,
                              const std::vector<RowPlace>& rows);

// What the filled bubbles mean; blank where none is. Contradictions become a doubt, and so does a confidence below
// `confidence_min`; nothing that has a doubt may be stored unseen. The entry is unset where it can't be keyed at all.
v1::RowReading ReadingOf(const RowRead& row, const std::vector<Column>& columns, const Lines& lines,
                         double confidence_min);

}  // namespace snowfield::paper
