#include "db/filter/visit_fields.h"

namespace snowfield::db {
namespace {

// The numbers of snowfield.canvass.v1.KnockResult, as knock.result has them.
constexpr FilterChoice kResults[] = {
    {"CANVASSED", 1}, {"NOT_HOME", 2},         {"REFUSED", 3},        {"COME_BACK", 4},      {"MOVED", 5},
    {"DECEASED", 6},  {"WRONG_ADDRESS", 7},    {"INACCESSIBLE", 8},   {"VACANT", 9},         {"LANGUAGE_BARRIER", 10},
    {"HOSTILE", 11},  {"LITERATURE_LEFT", 12}, {"ALREADY_VOTED", 13}, {"DO_NOT_CONTACT", 14}};

constexpr FilterField kFields[] = {
    {"age", FilterType::kInteger, "age"},
    {"sex", FilterType::kText, "sex"},
    {"party", FilterType::kText, "party"},
    {"city", FilterType::kText, "city"},
    {"postal_code", FilterType::kText, "postal_code"},
    {"street", FilterType::kText, "street"},
    {"people", FilterType::kInteger, "people"},
    {"support", FilterType::kInteger, "support"},
    {"household_support", FilterType::kInteger, "household_support"},
    {"knocks", FilterType::kInteger, "knocks"},
    {"last_result", FilterType::kChoice, "last_result", kResults},
    {"last_knock_time", FilterType::kTime, "last_knock_time"},
};

}  // namespace

std::span<const FilterField> VisitFields() { return kFields; }

}  // namespace snowfield::db
