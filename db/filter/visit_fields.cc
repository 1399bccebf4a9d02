#include "db/filter/visit_fields.h"

#include "db/filter/knock_results.h"

namespace snowfield::db {
namespace {

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
    {"last_result", FilterType::kChoice, "last_result", kKnockResults},
    {"last_knock_time", FilterType::kTime, "last_knock_time"},
    {"voted", FilterType::kBool, "voted"},
};

}  // namespace

std::span<const FilterField> VisitFields() { return kFields; }

}  // namespace snowfield::db
