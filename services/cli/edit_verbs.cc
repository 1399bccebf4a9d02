#include "services/cli/edit_verbs.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "base/uuid.h"
#include "services/cli/lasso.h"
#include "services/cli/map/figures.h"
#include "services/cli/output.h"
#include "services/cli/turf_verbs.h"
#include "services/rpc/grpc_status.h"
#include "services/rpc/limits.h"
#include "snowfield/turf/v1/turf.grpc.pb.h"

namespace snowfield::cli {
namespace {

using turf::v1::TurfService;

// The first call for a large cut loads it.
constexpr absl::Duration kEditTime = absl::Minutes(5);

struct EditWish {
  int64_t cut_id = 0;  // 0: the newest published one
  std::string lasso;
  std::string lasso_file;
  std::vector<int64_t> doors;
  std::vector<int> turfs;
  int turf = 0;
  bool to_new = false;
  int parts = 2;
  std::string reason;
  int edit_number = 0;
  bool preview = false;
};

using Stub = TurfService::Stub;

struct Desk {
  Client client;
  std::unique_ptr<Stub> stub;
  int64_t cut_id = 0;
};

absl::StatusOr<Desk> OpenDesk(const Session& session, const EditWish& wish) {
  SNOWFIELD_ASSIGN_OR_RETURN(Client client, Client::Open(session));
  int64_t cut_id = wish.cut_id;
  if (cut_id == 0) {
    SNOWFIELD_ASSIGN_OR_RETURN(cut_id, NewestPublishedCut(client));
  }
  std::unique_ptr<Stub> stub = TurfService::NewStub(client.channel());
  return Desk{.client = std::move(client), .stub = std::move(stub), .cut_id = cut_id};
}

template <typename Request, typename Response>
absl::Status Ask(const Desk& desk, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                 const Request& request, Response* response) {
  grpc::ClientContext context;
  desk.client.Prepare(context, kEditTime);
  return rpc::FromGrpcStatus((desk.stub.get()->*method)(&context, request, response));
}

absl::StatusOr<turf::v1::SelectDoorsResponse> Select(const Desk& desk, const EditWish& wish) {
  turf::v1::SelectDoorsRequest request;
  request.set_cut_id(desk.cut_id);
  if (wish.lasso_file.empty()) {
    SNOWFIELD_ASSIGN_OR_RETURN(*request.mutable_area(), ParseLasso(wish.lasso));
  } else {
    SNOWFIELD_ASSIGN_OR_RETURN(*request.mutable_area(), ReadLassoFile(wish.lasso_file));
  }
  turf::v1::SelectDoorsResponse response;
  SNOWFIELD_RETURN_IF_ERROR(Ask(desk, &Stub::SelectDoors, request, &response));
  return response;
}

absl::Status RunSelect(const Session& session, const EditWish& wish) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Desk desk, OpenDesk(session, wish));
  SNOWFIELD_ASSIGN_OR_RETURN(const turf::v1::SelectDoorsResponse response, Select(desk, wish));
  if (session.json) {
    PrintJson(response);
    return absl::OkStatus();
  }
  Table table({"turf", "doors inside", "of"});
  for (const turf::v1::SelectedTurf& turf : response.turfs()) {
    table.AddRow({turf.turf_number() == 0 ? "set aside" : absl::StrCat(turf.turf_number()), absl::StrCat(turf.doors()),
                  turf.turf_number() == 0 ? "" : absl::StrCat(turf.turf_doors())});
  }
  table.Print();
  std::printf("%s doors of cut %lld\n", WithCommas(response.doors()).c_str(), static_cast<long long>(desk.cut_id));
  return absl::OkStatus();
}

// The doors that were named, or that the lasso holds; without those of turf `except`, which are there already.
absl::StatusOr<std::vector<int64_t>> DoorsOf(const Desk& desk, const EditWish& wish, int except) {
  if (!wish.doors.empty()) return wish.doors;
  if (wish.lasso.empty() && wish.lasso_file.empty()) {
    return base::InvalidField("--door", "DOORS_UNCLEAR", "say which doors: --door ID, --lasso or --lasso-file");
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const turf::v1::SelectDoorsResponse response, Select(desk, wish));
  std::vector<int64_t> doors;
  for (const turf::v1::SelectedTurf& turf : response.turfs()) {
    if (turf.turf_number() == except) continue;
    doors.insert(doors.end(), turf.door_ids().begin(), turf.door_ids().end());
  }
  if (!doors.empty()) return doors;
  return base::InvalidField("--lasso", "NO_DOORS",
                            response.doors() == 0 ? "there is no door in the lasso to take"
                                                  : "the lasso holds no door to take, or more than 20,000");
}

std::string Flows(const google::protobuf::RepeatedPtrField<turf::v1::DoorFlow>& flows) {
  std::vector<std::string> parts;
  for (const turf::v1::DoorFlow& flow : flows) {
    parts.push_back(flow.turf_number() == 0 ? absl::StrCat(flow.doors(), " aside")
                                            : absl::StrCat(flow.doors(), " of ", flow.turf_number()));
  }
  return absl::StrJoin(parts, ", ");
}

// "43 -> 21", "- -> 21", "43 -> -".
template <typename Figure>
std::string Change(const turf::v1::TurfEdit& edit, const Figure& figure) {
  return absl::StrCat(edit.has_before() ? figure(edit.before()) : "-", " -> ",
                      edit.has_after() ? figure(edit.after()) : "-");
}

void PrintPreview(const turf::v1::PreviewEditResponse& preview) {
  using turf::v1::TurfMetrics;
  Table table({"turf", "doors", "walk m", "minutes", "came", "left", "list", "note"});
  for (const turf::v1::TurfEdit& edit : preview.turfs()) {
    std::vector<std::string> notes(edit.problems().begin(), edit.problems().end());
    notes.insert(notes.end(), edit.warnings().begin(), edit.warnings().end());
    if (edit.phones_out() > 0) {
      notes.push_back(absl::StrCat("out on ", edit.phones_out(), edit.phones_out() == 1 ? " phone" : " phones"));
    }
    table.AddRow({absl::StrCat(edit.turf_number()),
                  Change(edit, [](const TurfMetrics& m) { return absl::StrCat(m.doors()); }),
                  Change(edit, [](const TurfMetrics& m) { return Fixed(m.walk_length_m(), 0); }),
                  Change(edit, [](const TurfMetrics& m) { return Fixed(m.minutes(), 0); }), Flows(edit.came()),
                  Flows(edit.left()), SpacedListNumber(edit.list_number()), absl::StrJoin(notes, ", ")});
  }
  table.Print();
  std::printf("%s doors move\n", WithCommas(preview.moves_size()).c_str());
}

void PrintReplaced(const google::protobuf::RepeatedPtrField<turf::v1::ReplacedList>& lists) {
  for (const turf::v1::ReplacedList& list : lists) {
    std::printf(
        "turf %d: list %s is replaced by %s; results for it are still taken\n", list.turf_number(),
        SpacedListNumber(list.old_list_number()).c_str(),
        list.new_list_number().empty() ? "none (the turf ended)" : SpacedListNumber(list.new_list_number()).c_str());
  }
}

template <typename Response>
absl::Status PrintDone(const Session& session, const Response& response) {
  if (session.json) {
    PrintJson(response);
    return absl::OkStatus();
  }
  PrintReplaced(response.replaced_lists());
  std::printf("done: edit %d of cut %lld\n", response.edit().edit_number(),
              static_cast<long long>(response.edit().cut_id()));
  return absl::OkStatus();
}

absl::StatusOr<turf::v1::PreviewEditResponse> Preview(const Session& session, const Desk& desk, const EditWish& wish,
                                                      const turf::v1::EditOrder& edit) {
  turf::v1::PreviewEditRequest request;
  request.set_cut_id(desk.cut_id);
  *request.mutable_edit() = edit;
  turf::v1::PreviewEditResponse preview;
  SNOWFIELD_RETURN_IF_ERROR(Ask(desk, &Stub::PreviewEdit, request, &preview));
  if (session.json) {
    if (wish.preview) PrintJson(preview);
  } else {
    PrintPreview(preview);
  }
  return preview;
}

// Shows the preview, and does it unless only the preview was asked for.
absl::Status Perform(const Session& session, const Desk& desk, const EditWish& wish, const turf::v1::EditOrder& edit) {
  SNOWFIELD_ASSIGN_OR_RETURN(const turf::v1::PreviewEditResponse preview, Preview(session, desk, wish, edit));
  if (wish.preview) return absl::OkStatus();
  turf::v1::ApplyEditRequest request;
  request.set_cut_id(desk.cut_id);
  request.set_request_id(base::Uuid::Random().ToString());
  *request.mutable_edit() = edit;
  request.set_etag(preview.etag());
  turf::v1::ApplyEditResponse response;
  SNOWFIELD_RETURN_IF_ERROR(Ask(desk, &Stub::ApplyEdit, request, &response));
  return PrintDone(session, response);
}

absl::Status RunMove(const Session& session, const EditWish& wish) {
  if ((wish.turf == 0) != wish.to_new) {
    return base::InvalidField("--to", "TURF_UNCLEAR", "say where the doors go: --to N or --to-new");
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const Desk desk, OpenDesk(session, wish));
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<int64_t> doors, DoorsOf(desk, wish, wish.to_new ? -1 : wish.turf));
  turf::v1::EditOrder edit;
  edit.mutable_move()->mutable_door_ids()->Add(doors.begin(), doors.end());
  edit.mutable_move()->set_to_turf_number(wish.turf);
  return Perform(session, desk, wish, edit);
}

absl::Status RunMerge(const Session& session, const EditWish& wish) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Desk desk, OpenDesk(session, wish));
  turf::v1::EditOrder edit;
  edit.mutable_merge()->mutable_turf_numbers()->Add(wish.turfs.begin(), wish.turfs.end());
  return Perform(session, desk, wish, edit);
}

absl::Status RunSplit(const Session& session, const EditWish& wish) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Desk desk, OpenDesk(session, wish));
  turf::v1::EditOrder edit;
  edit.mutable_split()->set_turf_number(wish.turf);
  edit.mutable_split()->set_parts(wish.parts);
  return Perform(session, desk, wish, edit);
}

absl::Status RunSetAside(const Session& session, const EditWish& wish) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Desk desk, OpenDesk(session, wish));
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<int64_t> doors, DoorsOf(desk, wish, 0));
  turf::v1::EditOrder edit;
  edit.mutable_set_aside()->mutable_door_ids()->Add(doors.begin(), doors.end());
  edit.mutable_set_aside()->set_reason(wish.reason);
  return Perform(session, desk, wish, edit);
}

absl::Status RunPutBack(const Session& session, const EditWish& wish) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Desk desk, OpenDesk(session, wish));
  turf::v1::EditOrder edit;
  edit.mutable_put_back()->mutable_door_ids()->Add(wish.doors.begin(), wish.doors.end());
  return Perform(session, desk, wish, edit);
}

absl::StatusOr<turf::v1::ListEditsResponse> ReadEdits(const Desk& desk) {
  turf::v1::ListEditsRequest request;
  request.set_cut_id(desk.cut_id);
  request.set_page_size(rpc::kPageSizeMax);
  turf::v1::ListEditsResponse all;
  do {
    turf::v1::ListEditsResponse page;
    SNOWFIELD_RETURN_IF_ERROR(Ask(desk, &Stub::ListEdits, request, &page));
    all.mutable_edits()->MergeFrom(page.edits());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return all;
}

// The last edit that stands and is no undo.
absl::StatusOr<int> LastEdit(const Desk& desk) {
  SNOWFIELD_ASSIGN_OR_RETURN(const turf::v1::ListEditsResponse edits, ReadEdits(desk));
  for (const turf::v1::Edit& edit : edits.edits()) {
    if (edit.undoes_edit_number() == 0 && edit.undone_by_edit_number() == 0) return edit.edit_number();
  }
  return base::NotNow("NO_EDIT", "this cut has no edit that could be undone");
}

absl::Status RunUndo(const Session& session, const EditWish& wish) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Desk desk, OpenDesk(session, wish));
  turf::v1::UndoEditRequest request;
  request.set_cut_id(desk.cut_id);
  request.set_edit_number(wish.edit_number);
  if (wish.edit_number == 0) {
    SNOWFIELD_ASSIGN_OR_RETURN(const int last, LastEdit(desk));
    request.set_edit_number(last);
  }
  turf::v1::EditOrder edit;
  edit.mutable_undo()->set_edit_number(request.edit_number());
  SNOWFIELD_RETURN_IF_ERROR(Preview(session, desk, wish, edit).status());
  if (wish.preview) return absl::OkStatus();
  request.set_request_id(base::Uuid::Random().ToString());
  turf::v1::UndoEditResponse response;
  SNOWFIELD_RETURN_IF_ERROR(Ask(desk, &Stub::UndoEdit, request, &response));
  return PrintDone(session, response);
}

absl::Status PrintMoves(const Session& session, const Desk& desk, int edit_number) {
  turf::v1::ListEditMovesRequest request;
  request.set_cut_id(desk.cut_id);
  request.set_edit_number(edit_number);
  request.set_page_size(rpc::kPageSizeMax);
  turf::v1::ListEditMovesResponse all;
  do {
    turf::v1::ListEditMovesResponse page;
    SNOWFIELD_RETURN_IF_ERROR(Ask(desk, &Stub::ListEditMoves, request, &page));
    all.mutable_moves()->MergeFrom(page.moves());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (session.json) {
    PrintJson(all);
    return absl::OkStatus();
  }
  const auto name = [](int turf) { return turf == 0 ? std::string("aside") : absl::StrCat(turf); };
  Table table({"door", "from turf", "to turf"});
  for (const turf::v1::DoorMove& move : all.moves()) {
    table.AddRow({absl::StrCat(move.door_id()), name(move.from_turf_number()), name(move.to_turf_number())});
  }
  table.Print();
  return absl::OkStatus();
}

absl::Status RunEdits(const Session& session, const EditWish& wish) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Desk desk, OpenDesk(session, wish));
  if (wish.edit_number != 0) return PrintMoves(session, desk, wish.edit_number);
  SNOWFIELD_ASSIGN_OR_RETURN(const turf::v1::ListEditsResponse edits, ReadEdits(desk));
  if (session.json) {
    PrintJson(edits);
    return absl::OkStatus();
  }
  Table table({"edit", "kind", "doors", "turfs", "by", "note"});
  for (const turf::v1::Edit& edit : edits.edits()) {
    std::string note;
    if (edit.undoes_edit_number() != 0) note = absl::StrCat("undoes ", edit.undoes_edit_number());
    if (edit.undone_by_edit_number() != 0) note = absl::StrCat("undone by ", edit.undone_by_edit_number());
    table.AddRow({absl::StrCat(edit.edit_number()), edit.kind(), absl::StrCat(edit.moved_doors()),
                  absl::StrJoin(edit.turf_numbers(), " "), edit.member_name(), note});
  }
  table.Print();
  return absl::OkStatus();
}

using Run = absl::Status (*)(const Session&, const EditWish&);

class VerbMaker {
 public:
  VerbMaker(CLI::App& turf, Session& session) : turf_(turf), session_(session) {}

  // A verb with --cut; `wish_` is its own.
  VerbMaker& Verb(const std::string& name, const std::string& help, const std::string& examples, Run run) {
    wish_ = std::make_shared<EditWish>();
    verb_ = turf_.add_subcommand(name, help);
    verb_->footer("Examples:\n  " + examples);
    verb_->add_option("--cut", wish_->cut_id, "Which cut (the newest published one)");
    verb_->callback([session = &session_, wish = wish_, run] {
      session->run = [session, wish, run] { return run(*session, *wish); };
    });
    return *this;
  }
  VerbMaker& Preview() {
    verb_->add_flag("--preview", wish_->preview, "Say what would change, and change nothing");
    return *this;
  }
  VerbMaker& Lasso(bool with_doors) {
    CLI::Option* lasso = verb_->add_option("--lasso", wish_->lasso, "Points about the doors: \"LON,LAT LON,LAT ...\"");
    CLI::Option* file = verb_->add_option("--lasso-file", wish_->lasso_file, "The same, a GeoJSON polygon in a file");
    lasso->excludes(file);
    if (with_doors) Doors()->excludes(lasso)->excludes(file);
    return *this;
  }
  CLI::Option* Doors() { return verb_->add_option("--door", wish_->doors, "Id of a door; may be given several times"); }
  CLI::App* verb() const { return verb_; }
  EditWish& wish() const { return *wish_; }

 private:
  CLI::App& turf_;
  Session& session_;
  std::shared_ptr<EditWish> wish_;
  CLI::App* verb_ = nullptr;
};

}  // namespace

void AddEditVerbs(CLI::App& turf, Session& session) {
  VerbMaker make(turf, session);
  make.Verb("select", "The doors inside a lasso, turf by turf",
            "snowfield turf select --lasso \"11.10,49.51 11.12,49.51 11.11,49.52\"\n"
            "  snowfield turf select --lasso-file block.geojson --json",
            RunSelect)
      .Lasso(false);

  make.Verb("move", "Move doors to another turf, or to a new one",
            "snowfield turf move --lasso-file block.geojson --to 12 --preview\n"
            "  snowfield turf move --door 4711 --door 4712 --to-new",
            RunMove)
      .Preview()
      .Lasso(true);
  CLI::Option* to = make.verb()->add_option("--to", make.wish().turf, "Number of the turf they go to");
  make.verb()->add_flag("--to-new", make.wish().to_new, "They become a turf of their own")->excludes(to);

  make.Verb("merge", "Make one turf of several; the first keeps its number",
            "snowfield turf merge 12 13 --preview\n  snowfield turf merge 12 13", RunMerge)
      .Preview();
  make.verb()->add_option("turf", make.wish().turfs, "Numbers of the turfs")->required()->expected(2, 1000);

  make.Verb("split", "Split a turf into connected parts of about equal size",
            "snowfield turf split 12 --preview\n  snowfield turf split 12 --parts 3", RunSplit)
      .Preview();
  make.verb()->add_option("turf", make.wish().turf, "Number of the turf")->required();
  make.verb()->add_option("--parts", make.wish().parts, "Into how many (2)");

  make.Verb("set-aside", "Take doors out of their turfs, with a reason",
            "snowfield turf set-aside --door 4711 --reason \"dog loose in the yard\"\n"
            "  snowfield turf set-aside --lasso-file gated.geojson --reason gated --preview",
            RunSetAside)
      .Preview()
      .Lasso(true);
  make.verb()->add_option("--reason", make.wish().reason, "Why nobody is to go there")->required();

  make.Verb("put-back", "Bring doors that are set aside back to their turfs", "snowfield turf put-back --door 4711",
            RunPutBack)
      .Preview();
  make.Doors()->required();

  make.Verb("undo", "Make turfs what they were before an edit",
            "snowfield turf undo --preview      the last edit that stands\n  snowfield turf undo 7", RunUndo)
      .Preview();
  make.verb()->add_option("edit", make.wish().edit_number, "Number of the edit (the last one that stands)");

  make.Verb("edits", "Who changed which turfs by hand",
            "snowfield turf edits\n  snowfield turf edits --moves 7    the doors that edit 7 moved", RunEdits);
  make.verb()->add_option("--moves", make.wish().edit_number, "The doors that this edit moved");
}

}  // namespace snowfield::cli
