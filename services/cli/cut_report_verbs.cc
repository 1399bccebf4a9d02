#include "services/cli/cut_report_verbs.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "services/cli/map/figures.h"
#include "services/cli/output.h"
#include "services/rpc/grpc_status.h"
#include "services/rpc/limits.h"
#include "snowfield/turf/v1/turf.grpc.pb.h"

namespace snowfield::cli {
namespace {

using turf::v1::TurfService;

constexpr absl::Duration kDiffTime = absl::Minutes(1);

// 0 has no place in a column of numbers.
std::string NumberOrNone(int number) { return number == 0 ? "" : absl::StrCat(number); }

std::string AddressOf(const turf::v1::TurfDoor& door) {
  std::string address = absl::StrCat(door.house_number(), " ", door.street());
  if (!door.unit().empty()) absl::StrAppend(&address, ", ", door.unit());
  return address;
}

void PrintProblems(const turf::v1::ListCutProblemsResponse& all) {
  if (all.problems().empty()) {
    std::printf("nothing misses a bound\n");
    return;
  }
  Table table({"turf", "doors", "minutes", "reason", "door", "address"});
  for (const turf::v1::CutProblem& problem : all.problems()) {
    std::vector<std::string> cells = {absl::StrCat(problem.turf_number()), absl::StrCat(problem.turf_doors()),
                                      Fixed(problem.turf_minutes(), 0), problem.reason()};
    if (problem.has_door()) {
      cells.push_back(absl::StrCat(problem.door().door_id()));
      cells.push_back(AddressOf(problem.door()));
    }
    table.AddRow(std::move(cells));
  }
  table.Print();
}

absl::Status ListProblems(const Session& session, turf::v1::ListCutProblemsRequest request) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  const auto stub = TurfService::NewStub(client.channel());
  request.set_page_size(rpc::kPageSizeMax);
  turf::v1::ListCutProblemsResponse all;
  do {
    grpc::ClientContext context;
    client.Prepare(context);
    turf::v1::ListCutProblemsResponse page;
    SNOWFIELD_RETURN_IF_ERROR(rpc::FromGrpcStatus(stub->ListCutProblems(&context, request, &page)));
    all.mutable_problems()->MergeFrom(page.problems());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (session.json) {
    PrintJson(all);
  } else {
    PrintProblems(all);
  }
  return absl::OkStatus();
}

// "12 from 3, 4 from 9"
std::string FlowText(const google::protobuf::RepeatedPtrField<turf::v1::DoorFlow>& flows, const char* preposition) {
  return absl::StrJoin(flows, ", ", [&](std::string* out, const turf::v1::DoorFlow& flow) {
    absl::StrAppend(out, flow.doors(), " ", preposition, " ", flow.turf_number());
  });
}

// Who has the ground, and what publishing with --keep-assignments would do with the list.
std::string ListText(const turf::v1::TurfDiff& turf) {
  if (!turf.has_assignment()) return "";
  const char* fate = turf.turf_number() == 0 ? "ends" : turf.same_walk() ? "goes on" : "gets a new number";
  std::string text = absl::StrCat(SpacedListNumber(turf.assignment().list_number()), " ", fate);
  if (turf.phones_out_size() > 0) {
    absl::StrAppend(&text, "; out with ",
                    absl::StrJoin(turf.phones_out(), ", ",
                                  [](std::string* out, const auto& phone) { out->append(phone.member_name()); }));
  }
  if (turf.doors_done() > 0) absl::StrAppend(&text, "; ", turf.doors_done(), " doors done");
  return text;
}

void PrintDiff(const turf::v1::DiffCutResponse& diff) {
  const turf::v1::DiffTotals& totals = diff.totals();
  std::printf("against cut %lld: %s turfs stay as they are, %s change, %s are new, %s end\n",
              static_cast<long long>(diff.against_cut_id()), WithCommas(totals.turfs_same()).c_str(),
              WithCommas(totals.turfs_changed()).c_str(), WithCommas(totals.turfs_new()).c_str(),
              WithCommas(totals.turfs_ended()).c_str());
  std::printf("doors: %s stay with their turf, %s move, %s are new, %s are gone\n",
              WithCommas(totals.doors_kept()).c_str(), WithCommas(totals.doors_moved()).c_str(),
              WithCommas(totals.doors_new()).c_str(), WithCommas(totals.doors_gone()).c_str());
  std::printf("walk lists, with --keep-assignments: %s go on, %s get a new number, %s end\n",
              WithCommas(totals.lists_going_on()).c_str(), WithCommas(totals.lists_renewed()).c_str(),
              WithCommas(totals.lists_ended()).c_str());
  if (diff.turfs().empty()) return;
  Table table({"turf", "was", "doors", "kept", "new", "gone", "came", "left", "leader", "list"});
  for (const turf::v1::TurfDiff& turf : diff.turfs()) {
    table.AddRow({turf.turf_number() == 0 ? "ends" : absl::StrCat(turf.turf_number()),
                  NumberOrNone(turf.predecessor_number()), NumberOrNone(turf.doors()), NumberOrNone(turf.kept_doors()),
                  NumberOrNone(turf.new_doors()), NumberOrNone(turf.gone_doors()), FlowText(turf.came(), "from"),
                  FlowText(turf.left(), "to"), turf.assignment().leader_name(), ListText(turf)});
  }
  table.Print();
}

absl::Status DiffCut(const Session& session, turf::v1::DiffCutRequest request) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  const auto stub = TurfService::NewStub(client.channel());
  request.set_page_size(rpc::kPageSizeMax);
  turf::v1::DiffCutResponse all;
  do {
    grpc::ClientContext context;
    client.Prepare(context, kDiffTime);
    turf::v1::DiffCutResponse page;
    SNOWFIELD_RETURN_IF_ERROR(rpc::FromGrpcStatus(stub->DiffCut(&context, request, &page)));
    all.set_against_cut_id(page.against_cut_id());
    *all.mutable_totals() = page.totals();
    all.mutable_turfs()->MergeFrom(page.turfs());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (session.json) {
    PrintJson(all);
  } else {
    PrintDiff(all);
  }
  return absl::OkStatus();
}

void AddProblems(CLI::App& cut, Session& session) {
  CLI::App* problems = cut.add_subcommand("problems", "The doors and turfs that miss a bound, and why");
  problems->footer("Example:\n  snowfield cut problems 3 --reason STREET_NOT_MATCHED");
  const auto request = std::make_shared<turf::v1::ListCutProblemsRequest>();
  problems
      ->add_option_function<int64_t>(
          "cut", [request](int64_t id) { request->set_cut_id(id); }, "Which cut")
      ->required();
  problems->add_option_function<std::string>(
      "--reason", [request](const std::string& reason) { request->set_reason(reason); }, "Only of this reason");
  problems->add_option_function<int>(
      "--turf", [request](int number) { request->set_turf_number(number); }, "Only of the turf with this number");
  problems->callback(
      [&session, request] { session.run = [&session, request] { return ListProblems(session, *request); }; });
}

void AddDiff(CLI::App& cut, Session& session) {
  CLI::App* diff = cut.add_subcommand("diff", "What publishing a cut would change, turf by turf, and for whom");
  diff->footer("Example:\n  snowfield cut diff 4           against the live cut of its pass");
  const auto request = std::make_shared<turf::v1::DiffCutRequest>();
  const auto all = std::make_shared<bool>(false);
  diff->add_option_function<int64_t>(
          "cut", [request](int64_t id) { request->set_cut_id(id); }, "Which cut")
      ->required();
  diff->add_option_function<int64_t>(
      "--against", [request](int64_t id) { request->set_against_cut_id(id); },
      "Another cut of the pass (the live one)");
  diff->add_flag("--all", *all, "Turfs that stay as they are, too");
  diff->callback([&session, request, all] {
    session.run = [&session, request, all] {
      request->set_changed_only(!*all);
      return DiffCut(session, *request);
    };
  });
}

}  // namespace

void AddCutReportVerbs(CLI::App& cut, Session& session) {
  AddProblems(cut, session);
  AddDiff(cut, session);
}

}  // namespace snowfield::cli
