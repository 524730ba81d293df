package usher.launcher;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;

/** The rules of the house that a compiler does not know. */
@AnalyzeClasses(packages = "usher", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final String BUNDLES = "usher.bundles";
    private static final String DEPGRAPH = "usher.depgraph";
    private static final String ACTIVATION = "usher.activation..";
    private static final String NATIVE_SEAM = "usher.activation.posix";
    private static final String LAUNCHER = "usher.launcher";

    private ArchitectureTest() {}

    @ArchTest
    static final ArchRule bundlesKnowNothingOfTheOthers = noClasses()
            .that()
            .resideInAPackage(BUNDLES)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(DEPGRAPH, ACTIVATION, LAUNCHER);

    @ArchTest
    static final ArchRule ordersKnowOnlyBundles = noClasses()
            .that()
            .resideInAPackage(DEPGRAPH)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ACTIVATION, LAUNCHER);

    @ArchTest
    static final ArchRule activationKnowsOnlyBundles = noClasses()
            .that()
            .resideInAPackage(ACTIVATION)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(DEPGRAPH, LAUNCHER);

    @ArchTest
    static final ArchRule noPackageIsOnACycle =
            slices().matching("usher.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nativeCallsAreMadeInOnePlace = noClasses()
            .that()
            .resideOutsideOfPackage(NATIVE_SEAM)
            .and()
            .areNotAssignableTo(ControlClient.class)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.kenai.jffi..", "jnr..");

    @ArchTest
    static final ArchRule theGraphLibraryStaysInItsModule = noClasses()
            .that()
            .resideOutsideOfPackage(DEPGRAPH)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.jgrapht..");

    @ArchTest
    static final ArchRule onlyTheSyntaxAndItsManualKnowTheLibrary = noClasses()
            .that(not(belongToAnyOf(Syntax.class, Grammar.class, Manual.class)))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..");

    @ArchTest
    static final ArchRule nobodyPrintsByTheWay = noClasses()
            .that(not(belongToAnyOf(Main.class, Boot.class))) // the two programs
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(System.class, "exit", int.class);

    @ArchTest
    static final ArchRule nobodyLogsThroughAFramework =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("java.util.logging..", "org.slf4j..");

    @ArchTest
    static final ArchRule everyPackageSaysWhatMayBeNull = classes()
            .that(resideInAPackage("usher.."))
            .should(new ArchCondition<>("be in a null-marked package") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                    events.add(new SimpleConditionEvent(type, marked, type.getName() + " is in a package without it"));
                }
            });
}
