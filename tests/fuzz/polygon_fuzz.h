// What the polygon fuzz target and its replay do with bytes that say they are a geometry.
// Thread safety: pure.
#pragma once

#include <string_view>

namespace snowfield::fuzz {

// Reads the bytes as EWKB, judges and measures what they are, takes a few doors with them as a lasso, and cuts the
// doors with them as a kept boundary and as a barrier. Aborts where something answers other than it says: a status
// without its field, a door lost or doubled, a polygon that is not valid.
void TryPolygon(std::string_view bytes);

}  // namespace snowfield::fuzz
