#include "db/filter/filter_tokens.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace snowfield::db {
namespace {

class Reader {
 public:
  Reader(std::string_view text, std::string_view field) : text_(text), field_(field) {}

  absl::StatusOr<std::vector<FilterWord>> ReadAll() {
    std::vector<FilterWord> words;
    while (true) {
      while (at_ < text_.size() && IsBlank(text_[at_])) ++at_;
      if (at_ == text_.size()) break;
      FilterWord& word = words.emplace_back();
      word.at = at_;
      SNOWFIELD_RETURN_IF_ERROR(ReadOne(&word));
    }
    words.push_back({.token = FilterToken::kEnd, .text = {}, .at = text_.size()});
    return words;
  }

 private:
  static bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
  static bool IsOfWord(char c) {
    const auto byte = static_cast<unsigned char>(c);
    // Whatever is not ASCII may stand in a word: names of parties and towns do without quotes.
    return absl::ascii_isalnum(byte) || byte >= 0x80 || c == '_' || c == '.' || c == '*' || c == '+' || c == '/';
  }

  absl::Status ReadOne(FilterWord* word) {
    const char c = text_[at_];
    if (c == '"' || c == '\'') return ReadQuoted(word);
    if (c == '(' || c == ')' || c == ',') {
      word->token = c == '(' ? FilterToken::kOpen : c == ')' ? FilterToken::kClose : FilterToken::kComma;
      ++at_;
      return absl::OkStatus();
    }
    if (c == '=' || c == ':' || c == '<' || c == '>' || c == '!') return ReadComparator(word);
    if (c == '-') {
      word->token = FilterToken::kMinus;
      ++at_;
      return absl::OkStatus();
    }
    if (!IsOfWord(c)) {
      return FilterProblem(field_, "FILTER_SYNTAX", at_, "put quotes about a text with this character in it");
    }
    // A minus within a word is of it: 2026-11-01.
    while (at_ < text_.size() && (IsOfWord(text_[at_]) || text_[at_] == '-')) word->text += text_[at_++];
    word->token = word->text == "AND"   ? FilterToken::kAnd
                  : word->text == "OR"  ? FilterToken::kOr
                  : word->text == "NOT" ? FilterToken::kNot
                                        : FilterToken::kWord;
    return absl::OkStatus();
  }

  absl::Status ReadComparator(FilterWord* word) {
    word->token = FilterToken::kComparator;
    word->text = text_[at_++];
    const bool may_be_two = word->text == "<" || word->text == ">" || word->text == "!";
    if (may_be_two && at_ < text_.size() && text_[at_] == '=') word->text += text_[at_++];
    if (word->text != "!") return absl::OkStatus();
    return FilterProblem(field_, "FILTER_SYNTAX", word->at, "say != or NOT");
  }

  absl::Status ReadQuoted(FilterWord* word) {
    word->token = FilterToken::kText;
    const char quote = text_[at_++];
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == quote) {
        ++at_;
        return absl::OkStatus();
      }
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      word->text += text_[at_];
    }
    return FilterProblem(field_, "FILTER_SYNTAX", word->at, "this quote is never closed");
  }

  const std::string_view text_;
  const std::string_view field_;
  size_t at_ = 0;
};

}  // namespace

absl::StatusOr<std::vector<FilterWord>> ReadFilterWords(std::string_view text, std::string_view field) {
  return Reader(text, field).ReadAll();
}

absl::Status FilterProblem(std::string_view field, std::string_view reason, size_t at, std::string_view message) {
  return base::InvalidField(field, reason, absl::StrCat("at character ", at + 1, ": ", std::string(message)));
}

}  // namespace snowfield::db
