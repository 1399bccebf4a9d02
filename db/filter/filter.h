// Filter: a condition in the filter language of the API improvement proposals (AIP-160), checked against the fields
// that it may name, and compiled to SQL whose every value is a bound parameter.
//
//   age >= 18 AND party = "DEM" OR party = "GRN" AND NOT last_knock_time > days_ago(14)
//
// As AIP-160 has it, OR binds closer than AND, terms side by side mean AND, and `-` is NOT. Of the language there are
// comparisons (= != < <= > >=), `field:value` (a text that holds the value, in any case), `field:*` (there is one),
// texts with `*` at either end after = and !=, parentheses, and days_ago(N). Where a row has no value a comparison does
// not hold, and its NOT does. Thread safety: immutable once parsed; pure functions.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/params.h"

namespace snowfield::db {

inline constexpr int kFilterBytesMax = 2'000;
inline constexpr int kFilterComparisonsMax = 50;
inline constexpr int kFilterDepthMax = 20;
inline constexpr int kFilterDaysMax = 36'500;

enum class FilterType { kInteger, kText, kBool, kTime, kChoice };

struct FilterChoice {
  std::string_view name;
  int32_t number = 0;
};

// One that a filter may name. `column` is the database's own word for it, and never a caller's.
struct FilterField {
  std::string_view name;
  FilterType type = FilterType::kText;
  std::string_view column;
  std::span<const FilterChoice> choices = {};  // of a kChoice
};

class Filter {
 public:
  // INVALID_ARGUMENT naming `field`, reasons FILTER_TOO_LONG, FILTER_TOO_DEEP, FILTER_SYNTAX (with the place),
  // FILTER_FIELD_UNKNOWN (with what there is), FILTER_VALUE_INVALID. Nothing but blanks is a filter that always holds.
  static absl::StatusOr<Filter> Parse(std::string_view text, std::span<const FilterField> fields,
                                      std::string_view field);

  Filter(Filter&&) noexcept;
  Filter& operator=(Filter&&) noexcept;
  ~Filter();

  bool AlwaysHolds() const { return root_ == nullptr; }
  // A condition over the columns of the alias `f`, never null. Its values are put after those that `params` has.
  std::string ToSql(absl::Time now, Params* params) const;

  struct Node;

 private:
  explicit Filter(std::unique_ptr<Node> root);

  std::unique_ptr<Node> root_;  // null: always holds
};

}  // namespace snowfield::db
