// Street names as keys: two spellings of one street give one key.
//
// "12th Street Northeast" == "12th St NE"; "16th St, Northwest"; "POOR FARM RD" == "Poor Farm Road"; "Saint Paul St" ==
// "St Paul Street"; "Lindenstraße" == "LINDENSTRASSE" == "Lindenstr.". The key is for comparing only, not for showing.
// Thread safety: pure.
#pragma once

#include <string>
#include <string_view>

namespace snowfield::geo {

// Bytes of a street name; the rest is ignored.
inline constexpr size_t kStreetNameBytesMax = 200;

// UTF-8 in, lower-case ASCII-folded UTF-8 out; tokens separated by one blank; empty for blank input. Suffixes
// (USPS Publication 28, appendix C), directionals and number words come out in one short form. Bytes that are not
// UTF-8 are dropped.
std::string NormalizeStreetName(std::string_view name);

// Lower case, accents folded (a..z; ß -> ss, ä -> a, ...), one form for each letter of Latin-1 and Latin Extended-A.
std::string FoldCase(std::string_view utf8);

}  // namespace snowfield::geo
