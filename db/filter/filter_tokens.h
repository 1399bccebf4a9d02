// The words of a filter (AIP-160). Internal to db/filter.
// Thread safety: pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace snowfield::db {

enum class FilterToken { kWord, kText, kComparator, kOpen, kClose, kComma, kMinus, kAnd, kOr, kNot, kEnd };

struct FilterWord {
  FilterToken token = FilterToken::kEnd;
  std::string text;  // of a kText without its quotes
  size_t at = 0;     // bytes from the start
};

// Ends with a kEnd. INVALID_ARGUMENT FILTER_SYNTAX naming `field`.
absl::StatusOr<std::vector<FilterWord>> ReadFilterWords(std::string_view text, std::string_view field);

// "... at character 17". What is wrong at a word, said without repeating what was sent.
absl::Status FilterProblem(std::string_view field, std::string_view reason, size_t at, std::string_view message);

}  // namespace snowfield::db
