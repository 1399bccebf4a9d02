// What a map says of its cut in words and figures: the six qualities, in the order of their weight.
// Thread safety: pure.
#pragma once

#include <string>
#include <vector>

#include "snowfield/turf/v1/turf.pb.h"

namespace snowfield::cli {

struct Figure {
  std::string quality;  // "Sound"
  std::string value;    // "73,092 doors in 1,624 turfs"
  std::string detail;   // "none lost, none twice"; may be empty
  bool good = true;     // false: someone should look
};
std::vector<Figure> FiguresOf(const turf::v1::CutReport& report);

// "1,204 × NO_STREET_NEAR" for each reason, the most frequent first.
std::vector<std::string> ProblemCounts(const turf::v1::CutReport& report);

// "target 45 doors, 41 to 49", or "target 90 minutes, 81 to 99".
std::string TargetOf(const turf::v1::Cut& cut);

// "published" of CUT_STATE_PUBLISHED.
std::string StateName(turf::v1::CutState state);

// "1234 5678", as people read it out; empty for none.
std::string SpacedListNumber(const std::string& list_number);

// & < > " ' as entities, for HTML and SVG; control characters are dropped.
std::string EscapeMarkup(const std::string& text);

}  // namespace snowfield::cli
