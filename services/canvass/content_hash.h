// ContentHash: tells a resend of a knock, or an addition, from another one under the same id.
// Thread safety: pure.
#pragma once

#include <string>

#include "snowfield/canvass/v1/canvass.pb.h"

namespace snowfield::canvass {

// SHA-256 (32 bytes) over a canonical form of all that the phone said of the knock, but for its id: each field in the
// order of its number, texts with their length. What means the same hashes the same: blanks in a list number and the
// case of an id do not count. The form must never change for knocks that exist; a field that is added later is to be
// hashed only where it is set.
std::string ContentHash(const v1::Knock& knock);
// The same of an addition.
std::string ContentHash(const v1::Addition& addition);

}  // namespace snowfield::canvass
