#include "db/filter/knock_fields.h"

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
    {"result", FilterType::kChoice, "result", kKnockResults},
    {"language", FilterType::kText, "language"},
    {"earlier_knocks", FilterType::kInteger, "earlier_knocks"},
    {"earlier_contacts", FilterType::kInteger, "earlier_contacts"},
};

}  // namespace

std::span<const FilterField> KnockFields() { return kFields; }

}  // namespace snowfield::db
