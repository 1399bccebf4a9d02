// The doors and turfs of a cut that miss a bound, as a director reads them.
#include <set>

#include "tests/services/turf/turf_fixture.h"

namespace snowfield::turf {
namespace {

class CutProblemsTest : public TurfTest {
 protected:
  // Three places on streets that the map does not have.
  CutProblemsTest() {
    Count(
        "with o as (update address_point set street = 'Nowhere Lane', street_key = 'nowhere lane' "
        "where row_key in ('11', '23', '47') returning 1) select count(*) from o");
  }
  std::vector<v1::CutProblem> List(v1::ListCutProblemsRequest request) {
    std::vector<v1::CutProblem> problems;
    do {
      v1::ListCutProblemsResponse page;
      const grpc::Status status = stub_->ListCutProblems(As().get(), request, &page);
      EXPECT_TRUE(status.ok()) << status.error_message();
      EXPECT_LE(page.problems_size(), request.page_size() > 0 ? request.page_size() : 100);
      problems.insert(problems.end(), page.problems().begin(), page.problems().end());
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return problems;
  }
};

TEST_F(CutProblemsTest, EachIsNamedWithItsTurfAndDoor) {
  const v1::Cut cut = Cut();
  ASSERT_EQ(cut.report().problem_counts().at("STREET_NOT_MATCHED"), 3);
  v1::ListCutProblemsRequest request;
  request.set_cut_id(cut.cut_id());
  request.set_page_size(2);
  request.set_reason("STREET_NOT_MATCHED");
  std::set<std::string> places;
  int turf_number = 0;
  for (const v1::CutProblem& problem : List(request)) {
    EXPECT_EQ(problem.reason(), "STREET_NOT_MATCHED");
    EXPECT_GE(problem.turf_number(), turf_number);
    EXPECT_GT(problem.turf_doors(), 0);
    EXPECT_GT(problem.turf_minutes(), 0);
    EXPECT_EQ(problem.door().street(), "Nowhere Lane");
    EXPECT_GE(problem.door().sequence(), 1);
    places.insert(problem.door().external_id());
    turf_number = problem.turf_number();
  }
  EXPECT_EQ(places, (std::set<std::string>{"A11", "A23", "A47"}));
}

TEST_F(CutProblemsTest, PagesHoldAllAndTurfsOfTheirOwn) {
  v1::StartCutRequest start = RightRequest();
  start.set_min_doors(20);
  start.set_max_doors(20);
  v1::Cut cut;
  ASSERT_TRUE(Start(start, &cut).ok());
  cut = Watch(cut.cut_id());
  ASSERT_EQ(cut.state(), v1::CUT_STATE_DONE) << cut.failure();
  int counted = 0;
  for (const auto& [reason, count] : cut.report().problem_counts()) counted += count;
  v1::ListCutProblemsRequest request;
  request.set_cut_id(cut.cut_id());
  const auto all = List(request);
  EXPECT_EQ(static_cast<int>(all.size()), counted);
  request.set_page_size(1);
  EXPECT_EQ(List(request).size(), all.size());
  int outside = 0;
  for (const v1::CutProblem& problem : all) outside += problem.has_door() ? 0 : 1;
  EXPECT_GE(outside, cut.report().turfs() - cut.report().turfs_in_bounds());
  request.set_page_size(0);
  request.set_turf_number(all.front().turf_number());
  for (const v1::CutProblem& problem : List(request)) EXPECT_EQ(problem.turf_number(), all.front().turf_number());
}

TEST_F(CutProblemsTest, RefusesAnUnknownCutAndAPageThatIsNone) {
  v1::ListCutProblemsRequest request;
  v1::ListCutProblemsResponse page;
  request.set_cut_id(4242);
  const grpc::Status unknown = stub_->ListCutProblems(As().get(), request, &page);
  EXPECT_EQ(unknown.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(tests::FieldOf(unknown), "cut_id");
  request.set_page_size(5'000);
  EXPECT_EQ(tests::FieldOf(stub_->ListCutProblems(As().get(), request, &page)), "page_size");
}

TEST_F(CutProblemsTest, OtherCampaignsSeeNone) {
  const v1::Cut cut = Cut();
  const tests::TestCampaign other = tests::MakeCampaign(database_);
  v1::ListCutProblemsRequest request;
  request.set_cut_id(cut.cut_id());
  v1::ListCutProblemsResponse page;
  EXPECT_EQ(stub_->ListCutProblems(server_->As(other.owner_token).get(), request, &page).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

}  // namespace
}  // namespace snowfield::turf
