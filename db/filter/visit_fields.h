// What a universe's filter may name: a door, a person behind it, and what was said there. The columns are those of the
// view visit_fact.
// Thread safety: immutable.
#pragma once

#include <span>

#include "db/filter/filter.h"

namespace snowfield::db {

std::span<const FilterField> VisitFields();

}  // namespace snowfield::db
