#include "db/filter/filter.h"

#include <gtest/gtest.h>

#include <random>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace snowfield::db {
namespace {

constexpr FilterChoice kColours[] = {{"RED", 1}, {"BLUE", 2}};
constexpr FilterField kFields[] = {{"age", FilterType::kInteger, "age"},
                                   {"party", FilterType::kText, "party"},
                                   {"active", FilterType::kBool, "is_active"},
                                   {"seen", FilterType::kTime, "seen_time"},
                                   {"colour", FilterType::kChoice, "colour", kColours}};

std::string Sql(std::string_view text) {
  const auto filter = Filter::Parse(text, kFields, "filter");
  if (!filter.ok()) return absl::StrCat("refused: ", base::DetailOf(filter.status()).reason);
  Params params;
  return filter->ToSql(absl::UnixEpoch(), &params);
}

TEST(Filter, BindsEveryValue) {
  EXPECT_EQ(Sql("age >= 18"), "coalesce(f.age >= $1, false)");
  EXPECT_EQ(Sql("age >= -1"), "coalesce(f.age >= $1, false)");
  EXPECT_EQ(Sql("party = \"'; drop table door; --\""), "coalesce(f.party = $1, false)");
  EXPECT_EQ(Sql("active = true"), "coalesce(f.is_active = $1, false)");
  EXPECT_EQ(Sql("colour != RED"), "coalesce(f.colour <> $1, false)");
  EXPECT_EQ(Sql("seen > days_ago(14)"), "coalesce(f.seen_time > $1, false)");
  EXPECT_EQ(Sql("seen > \"2026-11-01T18:00:00-05:00\" seen < 2026-12-01"),
            "(coalesce(f.seen_time > $1, false) and coalesce(f.seen_time < $2, false))");
}

TEST(Filter, PutsItsValuesAfterThoseThatAreThere) {
  Params params;
  params.Int64(7).Text("x");
  EXPECT_EQ(Filter::Parse("age=1 OR age=2", kFields, "filter")->ToSql(absl::UnixEpoch(), &params),
            "(coalesce(f.age = $3, false) or coalesce(f.age = $4, false))");
  EXPECT_EQ(params.count(), 4);
}

TEST(Filter, OrBindsCloserThanAndAsTheProposalHasIt) {
  const std::string expected =
      "(coalesce(f.age = $1, false) and (coalesce(f.age = $2, false) or coalesce(f.age = $3, false)))";
  EXPECT_EQ(Sql("age=1 AND age=2 OR age=3"), expected);
  EXPECT_EQ(Sql("age=1 age=2 OR age=3"), expected);
  EXPECT_EQ(Sql("age=1 AND (age=2 OR age=3)"), expected);
  EXPECT_EQ(Sql("(age=1 AND age=2) OR age=3"),
            "((coalesce(f.age = $1, false) and coalesce(f.age = $2, false)) or coalesce(f.age = $3, false))");
  EXPECT_EQ(Sql("NOT (age=1 OR age=2)"), "not (coalesce(f.age = $1, false) or coalesce(f.age = $2, false))");
  EXPECT_EQ(Sql("-age=1"), "not coalesce(f.age = $1, false)");
}

TEST(Filter, TextsMayBeginOrEndWithAnything) {
  EXPECT_EQ(Sql("party = DEM*"), "coalesce(f.party like $1, false)");
  EXPECT_EQ(Sql("party != \"*M\""), "coalesce(f.party not like $1, false)");
  EXPECT_EQ(Sql("party : em"), "coalesce(f.party ilike $1, false)");
  EXPECT_EQ(Sql("party:*"), "(f.party is not null)");
  Params params;
  Filter::Parse("party = \"50%_\\\\*\"", kFields, "filter")->ToSql(absl::UnixEpoch(), &params);
  EXPECT_EQ(std::string(params.Value(0), params.Length(0)), "50\\%\\_\\\\%");
}

TEST(Filter, OfBlanksAlwaysHolds) {
  EXPECT_TRUE(Filter::Parse("", kFields, "filter")->AlwaysHolds());
  EXPECT_EQ(Sql("  \n"), "true");
}

TEST(Filter, SaysWhatIsWrongAndWhere) {
  const auto problem = [](std::string_view text) { return Filter::Parse(text, kFields, "universe.filter").status(); };
  const std::pair<const char*, const char*> refused[] = {{"height > 3", "FILTER_FIELD_UNKNOWN"},
                                                         {"age", "FILTER_SYNTAX"},
                                                         {"age >", "FILTER_SYNTAX"},
                                                         {"age > tall", "FILTER_VALUE_INVALID"},
                                                         {"age ! 3", "FILTER_SYNTAX"},
                                                         {"(age = 3", "FILTER_SYNTAX"},
                                                         {"age = 3)", "FILTER_SYNTAX"},
                                                         {"AND age = 3", "FILTER_SYNTAX"},
                                                         {"age = 3 OR", "FILTER_SYNTAX"},
                                                         {"party = \"DEM", "FILTER_SYNTAX"},
                                                         {"colour = GREEN", "FILTER_VALUE_INVALID"},
                                                         {"colour > RED", "FILTER_VALUE_INVALID"},
                                                         {"active = yes", "FILTER_VALUE_INVALID"},
                                                         {"seen > yesterday", "FILTER_VALUE_INVALID"},
                                                         {"seen > days_ago(-1)", "FILTER_VALUE_INVALID"},
                                                         {"seen > days_ago(99999999)", "FILTER_VALUE_INVALID"},
                                                         {"age = 99999999999999999999", "FILTER_VALUE_INVALID"},
                                                         {"age = 1; age = 2", "FILTER_SYNTAX"}};
  for (const auto& [text, reason] : refused) {
    const absl::Status status = problem(text);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << text;
    EXPECT_EQ(base::DetailOf(status).reason, reason) << text;
    EXPECT_EQ(base::DetailOf(status).field, "universe.filter") << text;
  }
  EXPECT_NE(base::MessageOf(problem("age = 1 AND height = 2")).find("at character 13"), std::string::npos);
}

TEST(Filter, HasLimits) {
  EXPECT_EQ(Sql(std::string(kFilterBytesMax + 1, ' ')), "refused: FILTER_TOO_LONG");
  EXPECT_EQ(Sql(absl::StrCat(std::string(500, '('), "age=1", std::string(500, ')'))), "refused: FILTER_TOO_DEEP");
  std::string many;
  for (int i = 0; i <= kFilterComparisonsMax; ++i) many += "age=1 ";
  EXPECT_EQ(Sql(many), "refused: FILTER_TOO_LONG");
}

TEST(Filter, HoldsWhateverIsSentToIt) {
  const std::string words[] = {"age", "party", "seen", "=", "!=", ":",        ">",   "AND", "OR",   "NOT", "-",    "(",
                               ")",   "\"",    "'",    "*", "1",  "days_ago", "RED", "\\",  "\xC3", " ",   "true", ","};
  for (uint64_t seed = 1; seed <= 20'000; ++seed) {
    std::mt19937_64 random(seed);
    std::string text;
    for (uint64_t i = random() % 14; i > 0; --i) {
      text += words[random() % std::size(words)];
      if (random() % 2 == 0) text += ' ';
    }
    const auto filter = Filter::Parse(text, kFields, "filter");
    if (!filter.ok()) {
      ASSERT_TRUE(absl::IsInvalidArgument(filter.status())) << "seed " << seed;
      continue;
    }
    Params params;
    const std::string sql = filter->ToSql(absl::UnixEpoch(), &params);
    // Nothing of what was sent is in the statement: only what this file's own words make.
    ASSERT_EQ(sql.find_first_not_of("abcdefghijklmnopqrstuvwxyz_.$0123456789()<>=, "), std::string::npos) << sql;
  }
}

}  // namespace
}  // namespace snowfield::db
