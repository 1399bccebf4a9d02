// The results of knocks, as filters name them.
// Thread safety: constants.
#pragma once

#include "db/filter/filter.h"

namespace snowfield::db {

// The numbers of snowfield.canvass.v1.KnockResult, as knock.result has them.
inline constexpr FilterChoice kKnockResults[] = {
    {"CANVASSED", 1}, {"NOT_HOME", 2},         {"REFUSED", 3},        {"COME_BACK", 4},      {"MOVED", 5},
    {"DECEASED", 6},  {"WRONG_ADDRESS", 7},    {"INACCESSIBLE", 8},   {"VACANT", 9},         {"LANGUAGE_BARRIER", 10},
    {"HOSTILE", 11},  {"LITERATURE_LEFT", 12}, {"ALREADY_VOTED", 13}, {"DO_NOT_CONTACT", 14}};

}  // namespace snowfield::db
